import{a,b}from"../L4XAISOB/chunk.js";import"../QQQQHGQS/chunk.js";import"../NWYG3QFV/chunk.js";import"../HVUYD43S/chunk.js";import"../QO3C33AC/chunk.js";export{a as mesa,b as place,b as view};
