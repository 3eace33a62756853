/* "Check this number": the proof is fetched, and each step of its check is told as it is done, in words. */
import { standing } from "../count/store.js";
import { config } from "../text/config.js";
import { make, set } from "../text/dom.js";
import { group } from "../text/figures.js";
import { fullClock } from "../text/moments.js";
import { FIGURES } from "../text/vocabulary.js";
import { t } from "../text/words.js";
import { check, isAble } from "./bundle.js";

const SIGNS = new Map([[true, "✓"], [false, "✕"], [null, "○"]]);

/** @typedef {import("./bundle.js").Step} Step */

/** What a step has found, in words. @param {Step} step @param {string} command */
function sentence({ step, held, values }, command) {
  if (held === null) return t("proof_step.head_unknown", { command });
  if (!held) return t(`proof_step.${step}_wrong`);
  return t(`proof_step.${step}`, { ...values, at: values.at ? fullClock(values.at, config.zone) : "" });
}

/** @param {Step} step @param {string} command */
const line = (step, command) => make("li", "", set(make("b", "", SIGNS.get(step.held) ?? ""), { "aria-hidden": "true" }), make("span", "", sentence(step, command)));

/** @param {Step[]} steps @returns {string} */
function verdict(steps) {
  const found = new Set(steps.map(({ held }) => held));
  if (found.has(false)) return "proof_step.verdict_wrong";
  return found.has(null) ? "proof_step.verdict_unsigned" : "proof_step.verdict_held";
}

/** What is proved: the figures that the source states, or of a place, which has none, those of our sum. @param {any} bundle */
const provedBy = ({ figures, sum }) => (Object.keys(figures).length || !sum ? figures : sum.figures);

/** The same figures as the page shows them; undefined what it does not show. @param {any} bundle @param {string[]} codes of the lists */
function shownFigures({ key, figures }, codes) {
  const data = standing()[key] ?? {};
  const count = (Object.keys(figures).length ? data.published : data.computed) ?? (data.computed ? {} : data);
  return Object.fromEntries([...Object.entries(count), ...codes.map((code, index) => [`votes/${code}`, count.votes?.[index]])]);
}

/** What each figure is called, in the order in which they are told. @param {any[]} lists @returns {Map<string, string>} */
const labels = (lists) => new Map(/** @type {[string, string][]} */ ([
  ...lists.map(({ code, short }) => [`votes/${code}`, short]),
  ...["registered", "state"].map((name) => [name, t(`proof_figure.${name}`)]),
  ...FIGURES.map((name) => [name, t(`figure.${name}`)]),
]));

/** @param {any} bundle @param {any[]} lists */
function table(bundle, lists) {
  const proved = provedBy(bundle);
  const rows = [...labels(lists)].filter(([name]) => Object.hasOwn(proved, name));
  const value = (/** @type {any} */ one) => make("dd", "", make("b", "n", typeof one === "string" ? one : group(one)));
  return make("dl", "buckets", ...rows.map(([name, said]) => make("div", "", make("dt", "", said), value(proved[name]))));
}

/** Whether the page shows what is proved: it may be newer than the newest seal. @param {any} bundle @param {any[]} lists */
function comparison(bundle, lists) {
  const proved = Object.entries(provedBy(bundle));
  const shown = shownFigures(bundle, lists.map(({ code }) => code));
  const both = proved.filter(([name]) => typeof shown[name] === "number");
  if (!both.length) return [];
  return [make("p", "", t(both.every(([name, value]) => shown[name] === value) ? "proof_step.same" : "proof_step.other"))];
}

/** What stands below the steps when all is done. @param {import("./bundle.js").Verdict} told @param {any[]} lists */
function ending({ steps, bundle }, lists) {
  const said = make("p", "", make("b", "", t(verdict(steps))));
  if (steps.some(({ held }) => held === false)) return [said];
  const leftOut = bundle.left_out.map((/** @type {string} */ name) => labels(lists).get(name)).join(", ");
  return [
    said, table(bundle, lists), ...comparison(bundle, lists),
    ...(leftOut ? [make("p", "soft", t("proof_step.left_out", { names: leftOut }))] : []),
    make("p", "soft", t("proof_step.key")),
  ];
}

/** @param {string} address */
async function fetchBytes(address) {
  const answer = await fetch(address);
  if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
  throw new Error(answer.status === 404 ? "missing" : "unreachable");
}

/**
 * Fetches the proof at an address and tells below the button what becomes of each step.
 * @param {HTMLElement} press @param {string} address @param {string} key
 */
export async function prove(press, address, key) {
  const steps = make("ol", "proof-steps");
  const host = set(make("div", "proof-check", steps), { role: "status" });
  const around = /** @type {HTMLElement} */ (press.parentElement);
  around.parentElement?.querySelector(".proof-check")?.remove();
  around.after(host);
  const command = `python3 prove.py ${key.replaceAll("/", "-")}.json`;
  if (!isAble()) {
    steps.replaceWith(make("p", "", t("proof_step.unable", { command })));
    return;
  }
  try {
    const [bytes, { contest }] = await Promise.all([fetchBytes(address), fetch(config.base).then((answer) => answer.json())]);
    const told = await check(bytes, key, (step) => steps.append(line(step, command)));
    host.append(...ending(told, contest.lists));
  } catch (error) {
    const why = error instanceof Error && error.message === "missing" ? "missing" : "unreachable";
    steps.replaceWith(make("p", "", t(`proof_step.${why}`)));
  }
}
