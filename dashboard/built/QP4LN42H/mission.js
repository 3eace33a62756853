import{za as r}from"../HUB73PPF/chunk.js";import"../QO3C33AC/chunk.js";r();
