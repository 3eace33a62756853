import{za as r}from"../QQH5CSDE/chunk.js";import"../QO3C33AC/chunk.js";r();
