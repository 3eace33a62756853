import{a,b}from"../NMBJA6RK/chunk.js";import"../BNWHHUEI/chunk.js";import"../Y4AU4NLD/chunk.js";import"../TO4OZRTD/chunk.js";import"../TKNANFGM/chunk.js";export{a as mesa,b as place,b as view};
