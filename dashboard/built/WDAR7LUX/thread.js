import{a,b}from"../MZTW55BU/chunk.js";import"../EDC7E7KU/chunk.js";import"../ANRY3B77/chunk.js";import"../PS5ETRRQ/chunk.js";import"../QO3C33AC/chunk.js";export{a as mesa,b as place,b as view};
