import{Ca as r}from"../YVIZCZVE/chunk.js";import"../AYGZ65B7/chunk.js";r();
