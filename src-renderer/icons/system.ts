export default 'M2 3h12v8H2zM6 13.5h4'
