import{a,b}from"../AGDJMK5D/chunk.js";import"../O3JHK2E6/chunk.js";import"../FSGNKQCJ/chunk.js";import"../EDCYWV4U/chunk.js";import"../TOPITDYZ/chunk.js";export{a as mesa,b as place,b as view};
