import{a,b}from"../LEI2PKAE/chunk.js";import"../6CSBWI7W/chunk.js";import"../2YRLRJLO/chunk.js";import"../QQH5CSDE/chunk.js";import"../QO3C33AC/chunk.js";export{a as mesa,b as place,b as view};
