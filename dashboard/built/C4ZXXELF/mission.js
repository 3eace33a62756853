import{Aa as r}from"../U5TUPSD2/chunk.js";import"../QO3C33AC/chunk.js";r();
