import{ua as r}from"../XHPTCXXL/chunk.js";import"../KXHRHNKM/chunk.js";r();
