import{a,b}from"../SPQIYRXK/chunk.js";import"../DSTOKTXF/chunk.js";import"../DCZJJNWM/chunk.js";import"../4D6DOU7L/chunk.js";import"../XNOGXJSO/chunk.js";export{a as mesa,b as place,b as view};
