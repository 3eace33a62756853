import{a,b}from"../GJJZSJYU/chunk.js";import"../TQMGRFNO/chunk.js";import"../PJ5JQD5L/chunk.js";import"../G2CIWMIZ/chunk.js";import"../FJ5N3KI6/chunk.js";export{a as mesa,b as place,b as view};
