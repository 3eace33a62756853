import{a,b}from"../2ANTDNYG/chunk.js";import"../2XVWHURR/chunk.js";import"../UITIGJIW/chunk.js";import"../KK553QT2/chunk.js";import"../QO3C33AC/chunk.js";export{a as mesa,b as place,b as view};
