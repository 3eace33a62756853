import{za as r}from"../ZXORJCDU/chunk.js";import"../QO3C33AC/chunk.js";r();
