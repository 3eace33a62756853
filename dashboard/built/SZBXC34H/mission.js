import{ua as r}from"../2VOVJW7J/chunk.js";import"../FJ5N3KI6/chunk.js";r();
