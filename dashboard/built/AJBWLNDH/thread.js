import{a,b}from"../KQNLVQNX/chunk.js";import"../TZAAJN4T/chunk.js";import"../OE6IDBIH/chunk.js";import"../QB3VLS3Z/chunk.js";import"../QO3C33AC/chunk.js";export{a as mesa,b as place,b as view};
