export default 'M5 3.2 12.5 8 5 12.8z'
