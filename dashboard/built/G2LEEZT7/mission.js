import{za as r}from"../GHJ5A2MD/chunk.js";import"../QO3C33AC/chunk.js";r();
