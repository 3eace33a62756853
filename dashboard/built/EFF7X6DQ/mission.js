import{Ha as r}from"../JVVC5I34/chunk.js";import"../V7WNBC7K/chunk.js";r();
