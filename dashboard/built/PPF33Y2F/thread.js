import{a,b}from"../DRHIFNA5/chunk.js";import"../7BXAR3VR/chunk.js";import"../EXSEZJ7G/chunk.js";import"../NZRWXHWP/chunk.js";import"../QO3C33AC/chunk.js";export{a as mesa,b as place,b as view};
