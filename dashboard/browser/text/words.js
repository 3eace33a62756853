/* The page's words: t("map.tie"), t("moments.minutes", {n: 3}). */
import { config } from "./config.js";

/**
 * @param {string} name
 * @param {Record<string, unknown>} [values]
 */
export function t(name, values) {
  const [section, key] = name.split(".");
  return config.words[section][key].replace(/\{(\w+)\}/g, (_, placeholder) => values[placeholder]);
}

/* The same text as nodes, each placeholder an unbreakable piece. */
export function parts(name, values) {
  const [section, key] = name.split(".");
  return config.words[section][key].split(/\{(\w+)\}/).flatMap((piece, index) => {
    if (index % 2 === 0 || Array.isArray(values[piece])) return index % 2 ? values[piece] : piece;
    const element = document.createElement("span");
    element.className = "n";
    element.textContent = values[piece];
    return element;
  });
}
