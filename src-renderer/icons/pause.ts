export default 'M5.5 3.5v9M10.5 3.5v9'
