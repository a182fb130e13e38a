export default 'M5.5 3.5 11 8l-5.5 4.5z'
