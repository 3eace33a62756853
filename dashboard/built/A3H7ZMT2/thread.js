import{a,b}from"../O5PZ2MD3/chunk.js";import"../HW35MNGJ/chunk.js";import"../2NYBHGEF/chunk.js";import"../7CEEOLHL/chunk.js";import"../FJ5N3KI6/chunk.js";export{a as mesa,b as place,b as view};
