import{za as r}from"../K6CA2UQS/chunk.js";import"../QO3C33AC/chunk.js";r();
