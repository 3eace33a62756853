import{ua as r}from"../G2CIWMIZ/chunk.js";import"../FJ5N3KI6/chunk.js";r();
