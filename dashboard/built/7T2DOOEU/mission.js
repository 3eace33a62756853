import{Aa as r}from"../SP5UVU5F/chunk.js";import"../QO3C33AC/chunk.js";r();
