import{ta as r}from"../MWZPFSVZ/chunk.js";import"../FJ5N3KI6/chunk.js";r();
