import{a,b}from"../KXAMGDHA/chunk.js";import"../CMGKM3AI/chunk.js";import"../F7HFHDWH/chunk.js";import"../TJ7DYYOX/chunk.js";import"../FJ5N3KI6/chunk.js";export{a as mesa,b as place,b as view};
