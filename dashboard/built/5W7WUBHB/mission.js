import{za as r}from"../KK553QT2/chunk.js";import"../QO3C33AC/chunk.js";r();
