import{a,b}from"../2PYJO5D7/chunk.js";import"../KOYG6JXT/chunk.js";import"../E4B5QAQE/chunk.js";import"../3HXOU2FJ/chunk.js";import"../EDGGUN63/chunk.js";export{a as mesa,b as place,b as view};
