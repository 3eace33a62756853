import{ua as r}from"../EM6HTB4N/chunk.js";import"../DLM5U5BF/chunk.js";r();
