import{va as r}from"../KKDPWSEZ/chunk.js";import"../KDYKDZO4/chunk.js";r();
