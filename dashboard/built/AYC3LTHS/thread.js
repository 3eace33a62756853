import{a,b}from"../BZ5BJEW2/chunk.js";import"../5NGQKM2R/chunk.js";import"../4O376GCA/chunk.js";import"../KJZPGMV4/chunk.js";import"../FJ5N3KI6/chunk.js";export{a as mesa,b as place,b as view};
