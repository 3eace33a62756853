import{a,b}from"../NIA3UCQK/chunk.js";import"../7LRNUAJW/chunk.js";import"../NVCCQUGJ/chunk.js";import"../UEQKGUN2/chunk.js";import"../TKNANFGM/chunk.js";export{a as mesa,b as place,b as view};
