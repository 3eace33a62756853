import{a,b}from"../KBQ3N35T/chunk.js";import"../MIOLZ4XP/chunk.js";import"../Z7MP5FYT/chunk.js";import"../W5K2LHMX/chunk.js";import"../KXHRHNKM/chunk.js";export{a as mesa,b as place,b as view};
