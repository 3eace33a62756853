import{ta as r}from"../WROGOENI/chunk.js";import"../FJ5N3KI6/chunk.js";r();
