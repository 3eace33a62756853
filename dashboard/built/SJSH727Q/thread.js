import{a,b}from"../2GCS4JIP/chunk.js";import"../QEBKVXU4/chunk.js";import"../Z6L6L4QI/chunk.js";import"../HUB73PPF/chunk.js";import"../QO3C33AC/chunk.js";export{a as mesa,b as place,b as view};
