/* The page's words: t("map.tie"), t("moments.minutes", {n: 3}). The rules are those of texts/language.py. */
import { config } from "./config.js";

const PLACEHOLDER = /\{(\w+(?::\w+)?)\}/;
/** @param {number} number */
const spaced = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, " ");
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
  return text[plurals.select(values[text.by || "n"])] || text.other;
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
  if (kind && typeof value === "number") return t(`units.${kind}`, { n: value });
  if (kind) return [value].flat().map((one) => config.words[kind][one]).join(", ");
  return typeof value === "number" ? spaced(value) : value;
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
