export default 'M8 3.5v9M3.5 8h9'
