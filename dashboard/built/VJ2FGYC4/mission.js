import{ua as r}from"../7CEEOLHL/chunk.js";import"../FJ5N3KI6/chunk.js";r();
