import{Ka as r}from"../7XLGJ2SK/chunk.js";import"../5VMGIBGR/chunk.js";r();
