import{za as r}from"../ANTFDU3K/chunk.js";import"../QO3C33AC/chunk.js";r();
