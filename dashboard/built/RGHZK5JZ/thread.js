import{a,b}from"../W3USFGVD/chunk.js";import"../6KQA4YWV/chunk.js";import"../IDNFMXIN/chunk.js";import"../OKMQYOQK/chunk.js";import"../FJ5N3KI6/chunk.js";export{a as mesa,b as place,b as view};
