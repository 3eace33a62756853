import{a,b}from"../KNGOND2L/chunk.js";import"../OA5NGCAH/chunk.js";import"../PWZZPL6E/chunk.js";import"../SP5UVU5F/chunk.js";import"../QO3C33AC/chunk.js";export{a as mesa,b as place,b as view};
