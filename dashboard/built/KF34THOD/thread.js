import{a,b}from"../J3OSTO2Z/chunk.js";import"../OXM2GGOV/chunk.js";import"../OD5R5O2P/chunk.js";import"../52PC7JHN/chunk.js";import"../AOKCFK2X/chunk.js";export{a as mesa,b as place,b as view};
