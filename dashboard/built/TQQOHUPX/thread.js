import{a,b}from"../2OD2N7DZ/chunk.js";import"../VWX7OGK4/chunk.js";import"../EC7FP64F/chunk.js";import"../7XLGJ2SK/chunk.js";import"../5VMGIBGR/chunk.js";export{a as mesa,b as place,b as view};
