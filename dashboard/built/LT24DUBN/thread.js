import{a,b}from"../RTCXH3ET/chunk.js";import"../KTNXYUZ4/chunk.js";import"../QR3B522Y/chunk.js";import"../KFVAE4GB/chunk.js";import"../TOPITDYZ/chunk.js";export{a as mesa,b as place,b as view};
