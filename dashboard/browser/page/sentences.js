/* The sentences that follow from the page's numbers (why they changed, what is decided): the server, who said them first, says
   them again. */
import { status } from "../count/store.js";
import { moment } from "../text/addresses.js";
import { config } from "../text/config.js";

const SPREAD_MS = 1500; // so that a change does not bring every reader back in the same instant
const BEHIND = 503; // another replica answered, which has not got there yet
const said = () => [...document.querySelectorAll("#page [data-said]")];
let timer = null;

/* Each piece takes the place of the one that said the same. */
function swap(html) {
  const made = document.createElement("template");
  made.innerHTML = html;
  for (const piece of [...made.content.children]) {
    for (const old of said()) if (old.dataset.said === piece.dataset.said) old.replaceWith(piece);
  }
}

async function ask() {
  timer = null;
  const at = moment();
  const { key } = document.getElementById("page").dataset;
  const { epoch, seq } = status();
  const when = at ? { at } : { epoch, seq: String(seq) };
  const answer = await fetch(`/sentences?${new URLSearchParams({ key, lang: config.language, ...when })}`).catch(() => null);
  if (answer?.ok) swap(await answer.text());
  else if (answer?.status === BEHIND) refresh();
}

export function refresh() {
  if (timer !== null || !said().length) return;
  timer = setTimeout(ask, moment() ? 0 : Math.random() * SPREAD_MS);
}
