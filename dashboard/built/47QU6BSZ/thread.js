import{a,b}from"../3QW66LB6/chunk.js";import"../I6CXESC5/chunk.js";import"../WEQMPBGP/chunk.js";import"../BSYU4OIN/chunk.js";import"../FJ5N3KI6/chunk.js";export{a as mesa,b as place,b as view};
