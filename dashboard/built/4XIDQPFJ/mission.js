import{Ja as r}from"../DY7DFRIL/chunk.js";import"../ZEKAAJAU/chunk.js";r();
