import{a,b}from"../2JP4DNYK/chunk.js";import"../DT6FT5XB/chunk.js";import"../6VH3KABU/chunk.js";import"../YL52PTTM/chunk.js";import"../AOKCFK2X/chunk.js";export{a as mesa,b as place,b as view};
