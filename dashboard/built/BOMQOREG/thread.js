import{a,b}from"../R32FGESV/chunk.js";import"../AGQ632M5/chunk.js";import"../HDVM7MNF/chunk.js";import"../7EHKFAAO/chunk.js";import"../CGS6BXIG/chunk.js";export{a as mesa,b as place,b as view};
