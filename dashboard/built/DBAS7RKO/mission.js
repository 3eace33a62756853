import{Ja as r}from"../AKDHVYKB/chunk.js";import"../ZEKAAJAU/chunk.js";r();
