import{Ka as r}from"../6BDQST3G/chunk.js";import"../5VMGIBGR/chunk.js";r();
