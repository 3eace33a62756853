/* Sentences that follow from numbers: the server, who said them first, says them again, for a page and for an embed. */
import { t } from "../text/words.js";

const SPREAD_MS = 1500; // so that a change does not bring every reader back in the same instant
const BEHIND = 503; // another replica answered, which has not got there yet
let asked = 0;
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

/** @typedef {Record<string, string>} About whose sentences, and of which version or moment */

/* Of which version they are: one answer brings them all, and one of them tells. */
const told = () => said().find((piece) => piece.dataset.of)?.dataset.of;
/** @param {About} about */
const areOf = (about) => !about.at && told() === `${about.epoch}.${about.seq}`;

/** Other numbers than those that they were said of stand beside them now: they show that. @param {About} about */
export function lag(about) {
  if (areOf(about)) return;
  for (const piece of said()) {
    piece.setAttribute("aria-busy", "true");
    piece.dataset.behind = t("standing.behind");
  }
}

/** Whether they say that they are of another version. @param {About} about */
export const areOther = (about) => Boolean(told()) && !areOf(about);

/** Ask for what a key's numbers say, as `about` tells when the time has come. @param {() => About} about */
export function askAgain(about, isPast = false) {
  if (said().length && !areOf(about())) later(about, isPast ? 0 : Math.random() * SPREAD_MS);
}

/** @param {() => About} about @param {number} pause */
function later(about, pause) {
  if (timer !== null) return;
  timer = setTimeout(async () => {
    timer = null;
    const own = ++asked;
    const answer = await fetch(`/sentences?${new URLSearchParams(about())}`).catch(() => null);
    const html = answer?.ok ? await answer.text().catch(() => null) : null;
    if (own !== asked) return; // asked again meanwhile, of newer numbers
    if (html !== null) take(html, about);
    else if (!answer || answer.ok || answer.status === BEHIND) later(about, SPREAD_MS * (1 + Math.random()));
  }, pause);
}

/** @param {string} html @param {() => About} about */
function take(html, about) {
  swap(html);
  for (const piece of said()) piece.removeAttribute("aria-busy");
  if (timer !== null) lag(about()); // it moved on meanwhile
}
