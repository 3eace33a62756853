import{va as r}from"../KFVAE4GB/chunk.js";import"../TOPITDYZ/chunk.js";r();
