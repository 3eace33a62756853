import{ua as r}from"../Y55FGW53/chunk.js";import"../KXHRHNKM/chunk.js";r();
