export default 'M12 3.5 5.5 8l6.5 4.5zM4 3.5v9'
