import{Ea as r}from"../YL52PTTM/chunk.js";import"../AOKCFK2X/chunk.js";r();
