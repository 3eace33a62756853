import{ua as r}from"../HOUNSPCW/chunk.js";import"../FJ5N3KI6/chunk.js";r();
