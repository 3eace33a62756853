/* Runs in the head: says that scripts work, and opens the one namespace every other module adds to. */
"use strict";
document.documentElement.classList.add("js");
window.escrutinio = {};
