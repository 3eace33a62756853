import{va as r}from"../BSYU4OIN/chunk.js";import"../FJ5N3KI6/chunk.js";r();
