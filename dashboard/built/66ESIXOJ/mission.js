import{ua as r}from"../W5K2LHMX/chunk.js";import"../KXHRHNKM/chunk.js";r();
