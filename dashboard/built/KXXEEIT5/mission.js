import{Ja as r}from"../XO723YS7/chunk.js";import"../XNOGXJSO/chunk.js";r();
