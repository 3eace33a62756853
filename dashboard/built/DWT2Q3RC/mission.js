import{Ja as r}from"../L6NXEUTC/chunk.js";import"../XNOGXJSO/chunk.js";r();
