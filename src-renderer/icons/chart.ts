export default 'M2.5 2.5v11h11M5 10.5l2.5-3.5 2.2 2 3.3-5'
