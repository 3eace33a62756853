import{za as r}from"../EWQV3MVF/chunk.js";import"../QO3C33AC/chunk.js";r();
