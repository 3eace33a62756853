/* Sentences that follow from numbers: the server, who said them first, says them again, for a page and for an embed. */
const SPREAD_MS = 1500; // so that a change does not bring every reader back in the same instant
const BEHIND = 503; // another replica answered, which has not got there yet
/** @type {ReturnType<typeof setTimeout> | null} */
let timer = null;
/** @returns {HTMLElement[]} */
const said = () => [...document.querySelectorAll("[data-said]")].filter((piece) => piece instanceof HTMLElement);

/** Each piece takes the place of the one that said the same. @param {string} html */
function swap(html) {
  const made = document.createElement("template");
  made.innerHTML = html;
  for (const piece of [...made.content.children]) {
    for (const old of said()) {
      if (!(piece instanceof HTMLElement) || old.dataset.said !== piece.dataset.said) continue;
      if (old instanceof HTMLDetailsElement && piece instanceof HTMLDetailsElement) piece.open = old.open;
      old.replaceWith(piece);
    }
  }
}

/** Ask for what a key's numbers say, as `about` names it when the time has come. @param {() => Record<string, string>} about */
export function askAgain(about, isPast = false) {
  if (timer !== null || !said().length) return;
  timer = setTimeout(async () => {
    timer = null;
    const answer = await fetch(`/sentences?${new URLSearchParams(about())}`).catch(() => null);
    if (answer?.ok) swap(await answer.text());
    else if (answer?.status === BEHIND) askAgain(about, isPast);
  }, isPast ? 0 : Math.random() * SPREAD_MS);
}
