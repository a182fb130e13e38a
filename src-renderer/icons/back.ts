export default 'M9.5 3.5 5 8l4.5 4.5'
