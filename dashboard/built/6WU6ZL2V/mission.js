import{va as r}from"../TZODK56X/chunk.js";import"../HUGRDU5V/chunk.js";r();
