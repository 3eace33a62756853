import{Ga as r}from"../52PC7JHN/chunk.js";import"../AOKCFK2X/chunk.js";r();
