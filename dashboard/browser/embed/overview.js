/* Asks for its own page again from time to time, and puts what the server wrote otherwise in its place. No socket: on election
   night some race always changes, and the page is the same for everybody. */

const EVERY_MS = 15000;
const SPREAD_MS = 5000;

let timer = null;

const part = (root, name) => root.querySelector(`[data-part="${CSS.escape(name)}"]`);

function take(next) {
  for (const own of document.querySelectorAll("[data-part]")) {
    const fresh = part(next, own.dataset.part);
    if (fresh && fresh.outerHTML !== own.outerHTML) own.replaceWith(document.importNode(fresh, true));
  }
}

function silent() {
  const badge = document.getElementById("state");
  badge.className = "badge offline";
  badge.textContent = badge.dataset.offline;
}

async function look() {
  try {
    if (document.hidden) return;
    const answer = await fetch(window.location.href, { cache: "no-cache" });
    if (!answer.ok) throw new Error(`${answer.status}`);
    take(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    silent();
  } finally {
    clearTimeout(timer);
    timer = setTimeout(look, EVERY_MS + Math.random() * SPREAD_MS);
  }
}

document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
timer = setTimeout(look, EVERY_MS);
