export default 'M2.5 13.5V9M6.2 13.5v-7M9.9 13.5V8M13.5 13.5v-11'
