import{ua as r}from"../KJZPGMV4/chunk.js";import"../FJ5N3KI6/chunk.js";r();
