import{pa as r}from"../YHJVQWXR/chunk.js";import"../EDGGUN63/chunk.js";r();
