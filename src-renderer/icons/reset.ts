export default 'M3.5 3v3.5H7M3.9 6.3A4.7 4.7 0 1 1 3.4 9.4'
