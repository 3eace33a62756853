import{a,b}from"../6JMIHT63/chunk.js";import"../DEP7TYCX/chunk.js";import"../ZHLT3L62/chunk.js";import"../W2R6XULM/chunk.js";import"../HUGRDU5V/chunk.js";export{a as mesa,b as place,b as view};
