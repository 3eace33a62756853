import{ra as r}from"../3HXOU2FJ/chunk.js";import"../EDGGUN63/chunk.js";r();
