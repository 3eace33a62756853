import{a,b}from"../42FNVIHC/chunk.js";import"../VEIPKWAR/chunk.js";import"../E2HZGBDM/chunk.js";import"../V4KKLFG7/chunk.js";import"../AOKCFK2X/chunk.js";export{a as mesa,b as place,b as view};
