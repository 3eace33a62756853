import{Aa as r}from"../HVUYD43S/chunk.js";import"../QO3C33AC/chunk.js";r();
