import{va as r}from"../SLINNUOP/chunk.js";import"../FJ5N3KI6/chunk.js";r();
