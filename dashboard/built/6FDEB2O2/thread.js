import{a,b}from"../B6U4NGXR/chunk.js";import"../NWVYF5NT/chunk.js";import"../VFAA2D2L/chunk.js";import"../LSYK2YER/chunk.js";import"../FJ5N3KI6/chunk.js";export{a as mesa,b as place,b as view};
