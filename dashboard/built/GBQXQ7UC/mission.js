import{ta as r}from"../OKMQYOQK/chunk.js";import"../FJ5N3KI6/chunk.js";r();
