import{Aa as r}from"../KJ5BW4BS/chunk.js";import"../QO3C33AC/chunk.js";r();
