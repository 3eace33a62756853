import{ta as r}from"../BAJ3PZYG/chunk.js";import"../KXHRHNKM/chunk.js";r();
