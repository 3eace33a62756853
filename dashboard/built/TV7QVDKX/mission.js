import{ta as r}from"../XF3ZW3BZ/chunk.js";import"../FJ5N3KI6/chunk.js";r();
