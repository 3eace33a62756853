import{a,b}from"../5RAGEIJX/chunk.js";import"../DXJVPR62/chunk.js";import"../EU4TS6VC/chunk.js";import"../GHJ5A2MD/chunk.js";import"../QO3C33AC/chunk.js";export{a as mesa,b as place,b as view};
