import{za as r}from"../NZRWXHWP/chunk.js";import"../QO3C33AC/chunk.js";r();
