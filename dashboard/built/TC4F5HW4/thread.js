import{a,b}from"../7ETIP7UQ/chunk.js";import"../TFVOFR22/chunk.js";import"../K3UWF6RQ/chunk.js";import"../KJ5BW4BS/chunk.js";import"../QO3C33AC/chunk.js";export{a as mesa,b as place,b as view};
