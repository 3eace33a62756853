/* Dash, which only navigates: loaded when nothing that is on screen waits any more. Until then links load documents. */
import { run } from "../text/dom.js";

const PATIENCE_MS = 12000; // a map that never comes does not keep it away
let asked = false;

async function load() {
  if (asked) return;
  asked = true;
  try {
    const { content } = document.getElementById("dash-scripts");
    await Promise.all([...content.querySelectorAll("script[src]")].map((script) => run(script.getAttribute("src"))));
    window.renderer = new window.DashRenderer();
  } catch (error) {
    console.warn(error);
  }
}

/* `quiet` is a promise: what matters more has been drawn. */
export function start(quiet) {
  setTimeout(load, PATIENCE_MS);
  quiet.then(() => (window.requestIdleCallback || setTimeout)(load));
}
