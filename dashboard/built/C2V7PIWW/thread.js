import{a,b}from"../6YRND2BK/chunk.js";import"../KXC3XSKZ/chunk.js";import"../DZ77T4XK/chunk.js";import"../HOUNSPCW/chunk.js";import"../FJ5N3KI6/chunk.js";export{a as mesa,b as place,b as view};
