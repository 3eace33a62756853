import{ta as r}from"../JRHRHTN5/chunk.js";import"../KXHRHNKM/chunk.js";r();
