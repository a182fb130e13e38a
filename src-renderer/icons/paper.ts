export default 'M4 1.8h5.5L12.5 5v9.2H4zM9.2 2v3.2h3.1M6 8.2h4.5M6 11h4.5'
