import{ta as r}from"../TO4OZRTD/chunk.js";import"../TKNANFGM/chunk.js";r();
