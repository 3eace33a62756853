import{a,b}from"../S3MD3VON/chunk.js";import"../QG7QTPXK/chunk.js";import"../OHPZFD4Y/chunk.js";import"../XHPTCXXL/chunk.js";import"../KXHRHNKM/chunk.js";export{a as mesa,b as place,b as view};
