import{a,b}from"../A4ET3IWL/chunk.js";import"../QCSKQGYC/chunk.js";import"../QXUC65FZ/chunk.js";import"../SLINNUOP/chunk.js";import"../FJ5N3KI6/chunk.js";export{a as mesa,b as place,b as view};
