import{ua as r}from"../TJ7DYYOX/chunk.js";import"../FJ5N3KI6/chunk.js";r();
