import{za as r}from"../QB3VLS3Z/chunk.js";import"../QO3C33AC/chunk.js";r();
