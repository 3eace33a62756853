import{a,b}from"../TIP5TAJV/chunk.js";import"../IVETOTWV/chunk.js";import"../YBUIB7ET/chunk.js";import"../ZDQ7BUSS/chunk.js";import"../QO3C33AC/chunk.js";export{a as mesa,b as place,b as view};
