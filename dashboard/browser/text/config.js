/* The one configuration object: what every page shares (its words and settings, a file per language) and what this page
   adds (the element #escrutinio-config). It is `window.escrutinio`, the page's only global. */
const element = globalThis.document?.getElementById("escrutinio-config");
const own = element ? JSON.parse(element.textContent) : {};
const shared = globalThis.escrutinio ?? {};

/** @type {Record<string, any>} */
export const config = { ...shared, ...own, words: { ...shared.words, ...own.words } };
globalThis.escrutinio = config;

/** What tests and benches may look at in a page (`escrutinio.client`, `escrutinio.map`); no module reads it. @param {Record<string, any>} seen */
export const expose = (seen) => Object.assign(config, seen);
