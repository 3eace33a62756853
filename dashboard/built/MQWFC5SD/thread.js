import{a,b}from"../VA2ZQMCB/chunk.js";import"../3C452HBX/chunk.js";import"../W57DEU7G/chunk.js";import"../YVIZCZVE/chunk.js";import"../AYGZ65B7/chunk.js";export{a as mesa,b as place,b as view};
