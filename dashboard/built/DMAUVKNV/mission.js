import{Ga as r}from"../3W5DRV6H/chunk.js";import"../AOKCFK2X/chunk.js";r();
