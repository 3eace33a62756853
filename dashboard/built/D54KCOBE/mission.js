import{Ea as r}from"../V4KKLFG7/chunk.js";import"../AOKCFK2X/chunk.js";r();
