import{a,b}from"../QVQTFUG4/chunk.js";import"../NNVIVJ6Y/chunk.js";import"../MHFLNVDS/chunk.js";import"../6BDQST3G/chunk.js";import"../5VMGIBGR/chunk.js";export{a as mesa,b as place,b as view};
