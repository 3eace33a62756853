import{a,b}from"../VXQPOFRC/chunk.js";import"../DUDF356A/chunk.js";import"../3LS5FP25/chunk.js";import"../TZODK56X/chunk.js";import"../HUGRDU5V/chunk.js";export{a as mesa,b as place,b as view};
