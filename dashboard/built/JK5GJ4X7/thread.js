import{a,b}from"../XGMUGMG4/chunk.js";import"../QYCCITWL/chunk.js";import"../ENQCBSK6/chunk.js";import"../T4BW6HFK/chunk.js";import"../KDYKDZO4/chunk.js";export{a as mesa,b as place,b as view};
