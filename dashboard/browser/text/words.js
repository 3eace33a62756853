/* The page's words: t("map.tie"), t("moments.minutes", {n: 3}). The rules are those of texts/language.py. */
import { config } from "./config.js";
import { DASH, missing } from "./figures.js";

const PLACEHOLDER = /\{(\w+(?::\w+)?)\}/;
/** @param {number | null | undefined} number */
const spaced = (number) => (missing(number) ? DASH : String(number).replace(/\B(?=(\d{3})+$)/g, " "));
/** @type {Intl.PluralRules | null} */
let plurals = null; // of the page's language, made when the first plural is asked for

/**
 * The text of a name, in the plural that its number asks for.
 * @param {string} name
 * @param {Record<string, any>} values
 * @returns {string}
 */
function formOf(name, values) {
  const [section, key] = name.split(".");
  const text = config.words[section][key];
  if (typeof text === "string") return text;
  plurals ??= new Intl.PluralRules(config.language);
  const number = values[text.by || "n"];
  return text[missing(number) ? "other" : plurals.select(number)] || text.other;
}

/**
 * What stands for a placeholder.
 * @param {string} placeholder
 * @param {Record<string, any>} values
 * @returns {any}
 */
function fill(placeholder, values) {
  const [name, kind] = placeholder.split(":");
  const value = values[name];
  if (kind === "percent") return `${(100 * value).toFixed(1)} %`;
  if (missing(value) || typeof value === "number") return kind ? t(`units.${kind}`, { n: value }) : spaced(value);
  if (kind) return [value].flat().map((one) => config.words[kind][one]).join(", ");
  return value;
}

/**
 * @template T
 * @param {string} name
 * @param {Record<string, any>} values
 * @param {(value: any) => T} made what is made of each value
 */
const filled = (name, values, made) =>
  formOf(name, values).split(PLACEHOLDER).map((piece, index) => (index % 2 ? made(fill(piece, values)) : piece));

/**
 * @param {string} name
 * @param {Record<string, any>} [values]
 */
export const t = (name, values = {}) => filled(name, values, String).join("");

/**
 * Writes a number. Where an element with its unit stands around it, the unit follows in the number's plural.
 * @param {HTMLElement} element
 * @param {string} text
 */
export function write(element, text) {
  element.textContent = text;
  const around = element.parentElement;
  if (!around?.dataset.unit) return;
  const [before, after] = formOf(`units.${around.dataset.unit}`, { n: Number(text.replaceAll(" ", "")) }).split("{n}");
  if (around.textContent !== `${before}${text}${after}`) around.replaceChildren(before, element, after);
}

/**
 * The same text as nodes, each placeholder an unbreakable piece.
 * @param {string} name
 * @param {Record<string, any>} values
 * @returns {(string | Node)[]}
 */
export const parts = (name, values) => filled(name, values, unbreakable).flat();

/** @param {any} value */
function unbreakable(value) {
  if (Array.isArray(value)) return value;
  const element = document.createElement("span");
  element.className = "n";
  element.textContent = value;
  return element;
}
