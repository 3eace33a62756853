import{Ja as r}from"../4D6DOU7L/chunk.js";import"../XNOGXJSO/chunk.js";r();
