import{a,b}from"../GY5FYR7Q/chunk.js";import"../ZYZR4HYY/chunk.js";import"../KKCNFQCD/chunk.js";import"../3WTILTXY/chunk.js";import"../XNOGXJSO/chunk.js";export{a as mesa,b as place,b as view};
