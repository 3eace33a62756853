import{a,b}from"../GPFDKV5O/chunk.js";import"../AX2FBI5N/chunk.js";import"../SX3X3SV4/chunk.js";import"../JRHRHTN5/chunk.js";import"../KXHRHNKM/chunk.js";export{a as mesa,b as place,b as view};
