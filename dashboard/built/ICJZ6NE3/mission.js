import{xa as r}from"../7EHKFAAO/chunk.js";import"../CGS6BXIG/chunk.js";r();
