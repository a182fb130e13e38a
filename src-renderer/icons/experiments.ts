export default 'M6 2.5h4M6.7 2.5v4L3 13.5h10l-3.7-7v-4M4.8 10.5h6.4'
