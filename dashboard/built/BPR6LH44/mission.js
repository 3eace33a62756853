import{va as r}from"../LSYK2YER/chunk.js";import"../FJ5N3KI6/chunk.js";r();
