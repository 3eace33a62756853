import{Aa as r}from"../PS5ETRRQ/chunk.js";import"../QO3C33AC/chunk.js";r();
