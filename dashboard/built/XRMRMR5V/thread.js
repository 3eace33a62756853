import{a,b}from"../22KTRCPG/chunk.js";import"../44XAGLGO/chunk.js";import"../YFWWZ3OE/chunk.js";import"../KKDPWSEZ/chunk.js";import"../KDYKDZO4/chunk.js";export{a as mesa,b as place,b as view};
