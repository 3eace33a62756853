/* The page's words: t("map.tie"), t("moments.minutes", {n: 3}). */
import { config } from "./config.js";

/**
 * @param {string} name
 * @param {Record<string, unknown>} [values]
 */
export function t(name, values = {}) {
  const [section, key] = name.split(".");
  return config.words[section][key].replace(/\{(\w+)\}/g, (/** @type {string} */ _, /** @type {string} */ placeholder) => values[placeholder]);
}

/**
 * The same text as nodes, each placeholder an unbreakable piece.
 * @param {string} name @param {Record<string, any>} values @returns {(string | Node)[]}
 */
export function parts(name, values) {
  const [section, key] = name.split(".");
  return config.words[section][key].split(/\{(\w+)\}/).flatMap((/** @type {string} */ piece, /** @type {number} */ index) => {
    if (index % 2 === 0 || Array.isArray(values[piece])) return index % 2 ? values[piece] : piece;
    const element = document.createElement("span");
    element.className = "n";
    element.textContent = values[piece];
    return element;
  });
}
