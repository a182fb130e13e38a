export default 'M8 2.5v7.5M4.8 7 8 10.2 11.2 7M2.5 13.5h11'
