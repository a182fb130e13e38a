export default 'M4.5 2.5h7v11L8 10.5l-3.5 3z'
