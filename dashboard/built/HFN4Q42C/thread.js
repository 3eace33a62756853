import{a,b}from"../2TK524K2/chunk.js";import"../BK5QG2FU/chunk.js";import"../BAUJY26V/chunk.js";import"../2VOVJW7J/chunk.js";import"../FJ5N3KI6/chunk.js";export{a as mesa,b as place,b as view};
