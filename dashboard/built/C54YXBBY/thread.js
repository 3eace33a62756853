import{a,b}from"../XROSREJL/chunk.js";import"../EX6GHOMN/chunk.js";import"../JIPAIW63/chunk.js";import"../L6NXEUTC/chunk.js";import"../XNOGXJSO/chunk.js";export{a as mesa,b as place,b as view};
