export default 'M4 4l8 8M12 4l-8 8'
