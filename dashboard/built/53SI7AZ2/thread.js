import{a,b}from"../AU6FOQO2/chunk.js";import"../J5LK3SJ5/chunk.js";import"../VHWL2CFI/chunk.js";import"../ILN4YY6M/chunk.js";import"../TOPITDYZ/chunk.js";export{a as mesa,b as place,b as view};
