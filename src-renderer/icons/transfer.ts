export default 'M2.5 5h7M7 2.5 9.5 5 7 7.5M13.5 11h-7M9 8.5 6.5 11 9 13.5'
