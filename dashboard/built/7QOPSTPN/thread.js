import{a,b}from"../LFD7SIBQ/chunk.js";import"../L2HBAHXD/chunk.js";import"../W5PW6ODL/chunk.js";import"../ANTFDU3K/chunk.js";import"../QO3C33AC/chunk.js";export{a as mesa,b as place,b as view};
