import{Ja as r}from"../3WTILTXY/chunk.js";import"../XNOGXJSO/chunk.js";r();
