import{a,b}from"../QD5TADHF/chunk.js";import"../D34CXMY5/chunk.js";import"../KMT7UZCB/chunk.js";import"../ZXORJCDU/chunk.js";import"../QO3C33AC/chunk.js";export{a as mesa,b as place,b as view};
