import{a,b}from"../L4P6SOLP/chunk.js";import"../ADE2MU6G/chunk.js";import"../6IFB4BNM/chunk.js";import"../YHJVQWXR/chunk.js";import"../EDGGUN63/chunk.js";export{a as mesa,b as place,b as view};
