/* The page's words: t("map.partial"), t("moments.minutes", {n: 3}). The rules are those of texts/language.py. */
import { config } from "./config.js";
import { DASH, missing } from "./figures.js";

const PLACEHOLDER = /\{(\w+(?::(?:\w+|[.=]\d))?)\}/;
/** @param {number | null | undefined} number */
const spaced = (number) => (missing(number) ? DASH : String(number).replace(/\B(?=(\d{3})+$)/g, " "));
/** @type {Intl.PluralRules | null} */
let plurals = null; // of the page's language, made when the first plural is asked for

/** @param {string} name @returns {string | Record<string, string> | undefined} */
function textOf(name) {
  const [section, key] = name.split(".");
  return config.words[section]?.[key];
}

/**
 * The text of a name, in the plural that its number asks for, or as a fact is.
 * @param {string} name
 * @param {Record<string, any>} values
 * @returns {string}
 */
function formOf(name, values) {
  const text = textOf(name);
  if (text === undefined) throw new Error(`no text is called ${name}`);
  if (typeof text === "string") return text;
  const value = values[text.by || "n"];
  plurals ??= new Intl.PluralRules(config.language);
  if (typeof value === "boolean") return text[value ? "yes" : "no"] ?? "";
  return text[missing(value) ? "other" : plurals.select(value)] || text.other;
}

/** @param {number} value @param {string} sign "=" to compare, "." not to @param {number} places */
function decimals(value, sign, places) {
  const least = 10 ** -places;
  if (sign === "=" && value < least) return `< ${least.toFixed(places)}`;
  return `${sign === "=" ? "= " : ""}${value.toFixed(places).replace("-", "−")}`;
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
  if (/^[.=]/.test(kind)) return decimals(value, kind[0], Number(kind[1]));
  if (missing(value) || Number.isInteger(value)) return kind ? t(`units.${kind}`, { n: value }) : spaced(value);
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
 * Several texts in a row, without those that need a value nobody knows, or that a newer server asks for.
 * @param {string[]} names
 * @param {Record<string, any>} values
 */
export const told = (names, values) => names.filter((name) => isKnown(name, values)).map((name) => t(name, values)).filter(Boolean).join(" ");

/** @param {string} name @param {Record<string, any>} values */
function isKnown(name, values) {
  const text = textOf(name);
  if (text === undefined) return false;
  /** @param {string} slot */
  const has = (slot) => ![null, undefined].includes(values[slot.split(":")[0]]);
  if (typeof text !== "string" && !has(text.by || "n")) return false;
  return formOf(name, values).split(PLACEHOLDER).every((piece, index) => index % 2 === 0 || has(piece));
}

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
