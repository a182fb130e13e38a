export default 'M4 3.5 10.5 8 4 12.5zM12 3.5v9'
