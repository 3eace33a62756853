import{Aa as r}from"../5ZN56YF6/chunk.js";import"../QO3C33AC/chunk.js";r();
