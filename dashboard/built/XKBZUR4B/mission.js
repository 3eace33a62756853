import{ta as r}from"../XSOBWWFF/chunk.js";import"../TKNANFGM/chunk.js";r();
