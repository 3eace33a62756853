import{a,b}from"../GRQR5L3X/chunk.js";import"../KMEEQ65F/chunk.js";import"../57WOBU7N/chunk.js";import"../EWQV3MVF/chunk.js";import"../QO3C33AC/chunk.js";export{a as mesa,b as place,b as view};
