import{ta as r}from"../MNFOD5BI/chunk.js";import"../HUGRDU5V/chunk.js";r();
