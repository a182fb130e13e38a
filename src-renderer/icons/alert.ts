export default 'M8 2.2 14.4 13.3H1.6zM8 6.3v3.2M8 11.2v.2'
