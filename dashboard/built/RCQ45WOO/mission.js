import{ta as r}from"../Z6E6E6FQ/chunk.js";import"../FJ5N3KI6/chunk.js";r();
