import{a,b}from"../PH22L4G4/chunk.js";import"../QJWXTKGS/chunk.js";import"../2DXDKYDM/chunk.js";import"../MWZPFSVZ/chunk.js";import"../FJ5N3KI6/chunk.js";export{a as mesa,b as place,b as view};
