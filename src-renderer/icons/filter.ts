export default 'M2 3.5h12L9.5 9v4.5l-3-1.5V9z'
