/* A page that shows the past: its state, its banner, its address, and a link to the moment that never lies. */
import { at, here, inLanguage, moment } from "../text/addresses.js";
import { config } from "../text/config.js";
import { make, set } from "../text/dom.js";
import { fullClock } from "../text/moments.js";
import { parts, t } from "../text/words.js";
import { refresh } from "./sentences.js";
import { recall } from "./status.js";

const URL_MS = 400; // browsers refuse addresses that change many times a second
const page = () => document.getElementById("page");
const whole = (stamp) => stamp.replace(/\.\d+Z$/, "Z");
let timer = null;

/* The values of the page's topic at its moment; null where they cannot be had. */
export async function load() {
  const { topic } = page().dataset;
  const answer = await fetch(`${config.base}/state?topic=${encodeURIComponent(topic)}&at=${moment()}`);
  return answer.ok ? (await answer.json()).state : null;
}

function banner() {
  const known = document.getElementById("moment");
  if (known) return known;
  // before the address says a moment
  const now = set(make("a", "button", t("past.now")), { "data-now": "", href: window.location.href });
  const copy = set(make("button", "quiet", t("past.copy")), { type: "button", "data-copy": "" });
  const time = make("time", "n");
  const said = make("b", "", ...parts("past.banner", { at: [time] }));
  const element = make("aside", "moment", make("p", "", said, " ", t("past.why")), make("p", "pages", now, copy));
  page().prepend(set(element, { id: "moment", "aria-label": t("replay.title") }));
  return element;
}

/* The address says the moment too, and so does every way on from here. */
function readdress() {
  window.history.replaceState(window.history.state, "", at(window.location.href, moment()));
  page().dataset.path = here();
  for (const link of document.querySelectorAll("a[data-language]")) link.href = inLanguage(page().dataset.path, link.dataset.language);
}

/* From here on the page shows that moment, with these values, and nothing live is painted.
   `kind` is the standard's word for the count of then. */
export function enter(stamp, values, kind) {
  const time = banner().querySelector("time"); // the banner first: its way back is the address of now
  page().dataset.at = whole(stamp);
  time.setAttribute("datetime", whole(stamp));
  time.textContent = fullClock(stamp, config.zone);
  recall(stamp, values[page().dataset.key], kind);
  clearTimeout(timer);
  timer = setTimeout(() => {
    readdress();
    refresh();
  }, URL_MS);
}

async function copy(button) {
  readdress();
  try {
    await navigator.clipboard.writeText(window.location.href);
    button.textContent = t("past.copied");
  } catch {
    button.replaceWith(make("span", "whole", t("past.link", { url: window.location.href })));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});
