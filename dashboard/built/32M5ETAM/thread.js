import{a,b}from"../6NI75QUY/chunk.js";import"../E47YWHNP/chunk.js";import"../UZ4CECBQ/chunk.js";import"../MNFOD5BI/chunk.js";import"../HUGRDU5V/chunk.js";export{a as mesa,b as place,b as view};
