import{ua as r}from"../SY4LSKHQ/chunk.js";import"../KXHRHNKM/chunk.js";r();
