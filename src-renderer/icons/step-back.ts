export default 'M10.5 3.5 5 8l5.5 4.5z'
