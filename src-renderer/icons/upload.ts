export default 'M8 10.5v-8M4.5 6 8 2.5 11.5 6M2.5 13.5h11'
