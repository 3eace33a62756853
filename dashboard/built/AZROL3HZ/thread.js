import{a,b}from"../JU4C7EQO/chunk.js";import"../HARAHDLR/chunk.js";import"../VWVZPZGL/chunk.js";import"../AKDHVYKB/chunk.js";import"../ZEKAAJAU/chunk.js";export{a as mesa,b as place,b as view};
