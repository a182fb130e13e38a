export default 'M3 2.5h7l3 3v8H3zM5.5 7h5M5.5 10h3.5'
