import{a,b}from"../UETED5FT/chunk.js";import"../SPTEDTIV/chunk.js";import"../SURLKR6Z/chunk.js";import"../BAJ3PZYG/chunk.js";import"../KXHRHNKM/chunk.js";export{a as mesa,b as place,b as view};
