import{a,b}from"../DJD4WXBL/chunk.js";import"../7RAWWUAM/chunk.js";import"../SZZY76VT/chunk.js";import"../5ZN56YF6/chunk.js";import"../QO3C33AC/chunk.js";export{a as mesa,b as place,b as view};
