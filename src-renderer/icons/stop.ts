export default 'M4 4h8v8H4z'
