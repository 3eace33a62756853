import{xa as r}from"../ILN4YY6M/chunk.js";import"../TOPITDYZ/chunk.js";r();
