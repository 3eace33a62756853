/* Asks for the wall's own page again when something moved, and from time to time: the server alone draws, so that a wall never
   says anything else than the board. */

const SPREAD_MS = 1500; // so that a change does not bring every wall back in the same instant
const RETRY_MS = 5000;
const EVERY_MS = 60000;
const TIMEOUT_MS = 20000;

const scriptOf = (root) => root.querySelector("script[src]")?.getAttribute("src");

/** `position` says how far the live client is, `take` gets a page that is as far. */
export function createNews(position, take) {
  let timer = null;
  let due = 0;

  function plan(ms) {
    const next = Date.now() + ms;
    if (timer !== null && due <= next) return;
    clearTimeout(timer);
    due = next;
    timer = setTimeout(look, ms);
  }

  /* Another replica may answer, which has not got there yet. */
  function isBehind(page) {
    const { epoch, seq } = position();
    return page.dataset.epoch === epoch && Number(page.dataset.seq) < seq;
  }

  async function read() {
    const answer = await fetch(window.location.href, { cache: "no-cache", signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    // A newer program answers: its pages need its own script.
    if (scriptOf(fresh) !== scriptOf(document)) window.location.reload();
    else if (isBehind(fresh.getElementById("page"))) throw new Error("not here yet");
    else take(fresh);
  }

  async function look() {
    timer = null;
    const wait = await read().then(() => EVERY_MS * (0.75 + Math.random() / 2), () => RETRY_MS * (0.5 + Math.random()));
    plan(wait);
  }

  plan(EVERY_MS);
  return { ask: () => plan(Math.random() * SPREAD_MS) };
}
