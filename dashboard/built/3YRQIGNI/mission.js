import{va as r}from"../T4BW6HFK/chunk.js";import"../KDYKDZO4/chunk.js";r();
