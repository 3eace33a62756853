import{a,b}from"../2CAODH6Q/chunk.js";import"../34QPEL35/chunk.js";import"../OFKPKSZ7/chunk.js";import"../JVVC5I34/chunk.js";import"../V7WNBC7K/chunk.js";export{a as mesa,b as place,b as view};
