export default 'M2 8h3.5M5.5 8 10 3.5h4M5.5 8H14M5.5 8l4.5 4.5h4'
