import{a,b}from"../K57BO6N4/chunk.js";import"../WV77OBFD/chunk.js";import"../7ARNULKW/chunk.js";import"../3W5DRV6H/chunk.js";import"../AOKCFK2X/chunk.js";export{a as mesa,b as place,b as view};
