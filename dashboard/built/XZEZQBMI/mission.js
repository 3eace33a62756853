import{Ja as r}from"../XM6R5VAO/chunk.js";import"../5VMGIBGR/chunk.js";r();
