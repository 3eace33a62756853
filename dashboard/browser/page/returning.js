/* Where the reader was: Back returns there, and so does another language. Each entry of the history keeps how far down its
   page was read; what else a reader chooses (view, measure, areas, sorting) stands in the address. */

const PAUSE_MS = 400; // browsers let an address be written only so often
const OTHER_LANGUAGE = "read-down-to";
let writing = null;
let down = 0; // how far down the page that is shown next begins

function write() {
  writing = null;
  window.history.replaceState({ ...window.history.state, down: Math.round(window.scrollY) }, "");
}

function stop() {
  clearTimeout(writing);
  writing = null;
}

/* The page is about to give way to another one, which begins at its top. */
export function leave() {
  stop();
  write();
  down = 0;
}

/* Another page stands. */
export const arrive = () => window.scrollTo(0, down);

/* This very page in another language: its address with all that was chosen, and as far down. */
export function carry(link) {
  const url = new URL(window.location.href);
  url.searchParams.set("lang", link.dataset.language);
  link.href = url.href;
  try { sessionStorage.setItem(OTHER_LANGUAGE, String(Math.round(window.scrollY))); } catch { /* it is not kept, then */ }
}

function carried() {
  try {
    const kept = sessionStorage.getItem(OTHER_LANGUAGE);
    sessionStorage.removeItem(OTHER_LANGUAGE);
    return Number(kept);
  } catch { return 0; }
}

export function start() {
  window.history.scrollRestoration = "manual";
  down = window.history.state?.down ?? carried();
  if (down && !window.location.hash) arrive();
  window.addEventListener("scroll", () => { writing ??= setTimeout(write, PAUSE_MS); }, { passive: true });
  window.addEventListener("pagehide", () => { stop(); write(); });
  window.addEventListener("popstate", ({ state }) => { stop(); down = state?.down ?? 0; });
}
