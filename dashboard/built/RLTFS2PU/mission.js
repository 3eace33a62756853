import{za as r}from"../2TTZVJAK/chunk.js";import"../QO3C33AC/chunk.js";r();
