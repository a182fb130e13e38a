export default 'M1.5 4h13v8h-13zM4 6.7h.2M7 6.7h.2M10 6.7h.2M12 6.7h.2M4.5 9.3h7'
