import{a,b}from"../TQHETLJM/chunk.js";import"../Q3QXVH3M/chunk.js";import"../MB7DWY7S/chunk.js";import"../U5TUPSD2/chunk.js";import"../QO3C33AC/chunk.js";export{a as mesa,b as place,b as view};
