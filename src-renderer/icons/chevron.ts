export default 'M6 4l4 4-4 4'
