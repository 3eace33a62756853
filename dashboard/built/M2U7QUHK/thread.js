import{a,b}from"../K75KK6G4/chunk.js";import"../Z6BNZAZD/chunk.js";import"../T6OD7LKE/chunk.js";import"../CKVF7PEF/chunk.js";import"../OL3BLAYL/chunk.js";export{a as mesa,b as place,b as view};
