import{a,b}from"../DM52HGRL/chunk.js";import"../K4IJGA2N/chunk.js";import"../ML2J6BWJ/chunk.js";import"../K6CA2UQS/chunk.js";import"../QO3C33AC/chunk.js";export{a as mesa,b as place,b as view};
