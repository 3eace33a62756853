import{a,b}from"../JFR2ASR5/chunk.js";import"../O4TZYTBE/chunk.js";import"../5YIWVGMO/chunk.js";import"../Z6E6E6FQ/chunk.js";import"../FJ5N3KI6/chunk.js";export{a as mesa,b as place,b as view};
