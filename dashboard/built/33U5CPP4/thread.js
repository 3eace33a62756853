import{a,b}from"../IW3Q4NPS/chunk.js";import"../CSXPB4PH/chunk.js";import"../YPI6JEEJ/chunk.js";import"../EM6HTB4N/chunk.js";import"../DLM5U5BF/chunk.js";export{a as mesa,b as place,b as view};
