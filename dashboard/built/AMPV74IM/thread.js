import{a,b}from"../EA4UV5D7/chunk.js";import"../H7QREM6E/chunk.js";import"../5QR4GUEV/chunk.js";import"../XM6R5VAO/chunk.js";import"../5VMGIBGR/chunk.js";export{a as mesa,b as place,b as view};
