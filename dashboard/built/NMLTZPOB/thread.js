import{a,b}from"../BKDFVUMF/chunk.js";import"../TVOXO4AO/chunk.js";import"../4GNIWIZQ/chunk.js";import"../2TTZVJAK/chunk.js";import"../QO3C33AC/chunk.js";export{a as mesa,b as place,b as view};
