import{a,b}from"../PXDMJFAF/chunk.js";import"../CKCOANNU/chunk.js";import"../M2OPG4GZ/chunk.js";import"../DY7DFRIL/chunk.js";import"../ZEKAAJAU/chunk.js";export{a as mesa,b as place,b as view};
