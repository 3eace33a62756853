import{va as r}from"../EDCYWV4U/chunk.js";import"../TOPITDYZ/chunk.js";r();
