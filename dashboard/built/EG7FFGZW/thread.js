import{a,b}from"../LQSEHSOW/chunk.js";import"../YCR6FD3K/chunk.js";import"../QMWVPROV/chunk.js";import"../SY4LSKHQ/chunk.js";import"../KXHRHNKM/chunk.js";export{a as mesa,b as place,b as view};
