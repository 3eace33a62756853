import{a,b}from"../N5B4RXMZ/chunk.js";import"../UKWTT5GV/chunk.js";import"../U77ABIIR/chunk.js";import"../XSOBWWFF/chunk.js";import"../TKNANFGM/chunk.js";export{a as mesa,b as place,b as view};
