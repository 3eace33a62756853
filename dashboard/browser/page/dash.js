/* Dash, which only navigates: loaded when nothing that is on screen waits any more, a script at a time, so that what somebody asks
   for meanwhile has the line. Until then links load documents. */
import { run } from "../text/dom.js";

const PATIENCE_MS = 12000; // a map that never comes does not keep it away
const BUSY_MS = 500; // nor does a page that is never idle

function idle() {
  return new Promise((resolve) => {
    if (window.requestIdleCallback) window.requestIdleCallback(resolve, { timeout: BUSY_MS });
    else setTimeout(resolve);
  });
}

/* `quiet()` is a promise: what matters more has been drawn. */
export async function start(quiet) {
  const patience = new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS); });
  try {
    const { content } = document.getElementById("dash-scripts");
    for (const script of content.querySelectorAll("script[src]")) {
      await Promise.race([quiet().then(idle), patience]);
      await run(script.getAttribute("src"));
    }
    window.renderer = new window.DashRenderer();
  } catch (error) {
    console.warn(error);
  }
}
