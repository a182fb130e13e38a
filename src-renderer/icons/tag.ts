export default 'M2.5 2.5h5.5l5.5 5.5-5.5 5.5L2.5 8zM5.3 5.3h.2'
