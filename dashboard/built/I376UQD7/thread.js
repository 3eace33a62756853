import{a,b}from"../BP7BKDSC/chunk.js";import"../JCX7EFYY/chunk.js";import"../YLD6UQDZ/chunk.js";import"../XO723YS7/chunk.js";import"../XNOGXJSO/chunk.js";export{a as mesa,b as place,b as view};
