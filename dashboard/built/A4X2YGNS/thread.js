import{a,b}from"../KWE4JHSN/chunk.js";import"../6LAZNP3I/chunk.js";import"../6HI6AUOH/chunk.js";import"../XF3ZW3BZ/chunk.js";import"../FJ5N3KI6/chunk.js";export{a as mesa,b as place,b as view};
