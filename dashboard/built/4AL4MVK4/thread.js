import{a,b}from"../OIP62SWM/chunk.js";import"../YQBWDFLH/chunk.js";import"../HIEKHG7E/chunk.js";import"../Y55FGW53/chunk.js";import"../KXHRHNKM/chunk.js";export{a as mesa,b as place,b as view};
