/* Elements made by hand: make("p", "note", "text", otherElement), their attributes, buttons, and a labelled choice. */

/* The spaces inside a number: "92 766" that ends one line with "92" is read as another number, in whichever sentence it stands. */
const INSIDE_A_NUMBER = /(\d) (?=\d{3}(?!\d)|%)/g;

/** A sentence none of whose numbers is parted at the end of a line. @param {string} text */
export const unparted = (text) => text.replace(INSIDE_A_NUMBER, "$1\u00a0");

/** @param {string} tag @param {string} [className] @param {(string | Node)[]} children @returns {any} */
export function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.map((child) => (typeof child === "string" ? unparted(child) : child)));
  return element;
}

/**
 * Sets attributes: true stands without a value, and what is false or missing is left out.
 * @param {any} element @param {Record<string, any>} attributes
 */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  return element;
}

/** @param {string | Node | Node[]} text @param {(event: any) => void} action @param {string} [className] */
export function button(text, action, className = "quiet") {
  const element = set(make("button", className, ...[text].flat()), { type: "button" });
  element.addEventListener("click", action);
  return element;
}

/** Choices of a control: options are [value, text]. @param {string[][]} options @param {string} [standing] */
export const select = (options, standing = "") =>
  make("select", "", ...options.map(([value, text]) => Object.assign(make("option", "", text), { value, selected: value === standing })));

/**
 * A select with its label; `options` are [value, text], `chose` hears the value.
 * @param {string} name @param {string} label @param {string[][]} options @param {string} standing @param {(value: string) => void} chose
 */
export function choice(name, label, options, standing, chose) {
  const control = set(select(options, standing), { id: `choose-${name}` });
  control.addEventListener("change", () => chose(control.value));
  return make("span", "choice", set(make("label", "", label), { for: control.id }), control);
}

/**
 * Adds a script to the page; resolves when it has run. Scripts that are added together run in their order.
 * @param {string} source
 * @returns {Promise<unknown>}
 */
export const run = (source) => added("script", { src: source, async: false });

/**
 * Adds a stylesheet to the page; resolves when it stands.
 * @param {string} href
 * @returns {Promise<unknown>}
 */
export const dress = (href) => added("link", { rel: "stylesheet", href });

/** @param {string} tag @param {{ src?: string, href?: string, [name: string]: any }} attributes @returns {Promise<unknown>} */
function added(tag, attributes) {
  return new Promise((resolve, reject) => {
    const missed = () => reject(new Error(`${attributes.src || attributes.href} did not load`));
    document.head.append(Object.assign(make(tag), { ...attributes, onload: resolve, onerror: missed }));
  });
}
