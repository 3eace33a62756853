import{ta as r}from"../UEQKGUN2/chunk.js";import"../TKNANFGM/chunk.js";r();
