import{Ga as r}from"../NYKXRHOL/chunk.js";import"../AOKCFK2X/chunk.js";r();
