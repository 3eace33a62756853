import{a,b}from"../73RNX6DP/chunk.js";import"../AEPSOUFC/chunk.js";import"../TYESGTMF/chunk.js";import"../WROGOENI/chunk.js";import"../FJ5N3KI6/chunk.js";export{a as mesa,b as place,b as view};
