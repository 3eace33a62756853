import{xa as r}from"../CKVF7PEF/chunk.js";import"../OL3BLAYL/chunk.js";r();
