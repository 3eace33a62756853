/* Decided or not, by arithmetic: the sentence of dashboard/components/outlook.py, said again when the count moves. */
import { moment } from "../text/addresses.js";
import { config } from "../text/config.js";
import { parts, t } from "../text/words.js";

const SPREAD_MS = 1500; // so that a change does not bring every reader back in the same instant
let timer = null;

export function sentence(outlook) {
  if (outlook.decided === null) return [t("outlook.unknown")];
  if (outlook.uncounted_actas === 0) return [t("outlook.complete")];
  const bound = outlook.uncounted_registered_is_bound ? "voters_bound" : "voters_exact";
  return parts(outlook.decided ? "outlook.decided" : "outlook.open", {
    actas: outlook.uncounted_actas,
    voters: parts(`outlook.${bound}`, { n: outlook.uncounted_registered }),
    margin: outlook.margin,
  });
}

async function fetchOutlook() {
  timer = null;
  const at = moment();
  const answer = await fetch(`${config.base}${at ? `?at=${at}` : ""}`);
  const element = document.querySelector("[data-outlook]");
  if (!answer.ok || !element) return;
  const { outlook } = await answer.json();
  element.dataset.outlook = outlook.decided === null ? "unknown" : outlook.decided ? "decided" : "open";
  element.replaceChildren(...sentence(outlook));
}

export function refresh() {
  if (timer === null && document.querySelector("[data-outlook]")) timer = setTimeout(fetchOutlook, Math.random() * SPREAD_MS);
}
