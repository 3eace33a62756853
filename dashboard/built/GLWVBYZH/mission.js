import{za as r}from"../ZDQ7BUSS/chunk.js";import"../QO3C33AC/chunk.js";r();
