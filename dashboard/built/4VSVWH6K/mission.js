import{va as r}from"../W2R6XULM/chunk.js";import"../HUGRDU5V/chunk.js";r();
