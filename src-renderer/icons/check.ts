export default 'M3 8.5 6.5 12 13 4.5'
