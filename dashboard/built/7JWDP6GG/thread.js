import{a,b}from"../O5VG7FGP/chunk.js";import"../GV4CUROA/chunk.js";import"../VBWFWZXT/chunk.js";import"../NYKXRHOL/chunk.js";import"../AOKCFK2X/chunk.js";export{a as mesa,b as place,b as view};
