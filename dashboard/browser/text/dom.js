/* Elements made by hand: make("p", "note", "text", otherElement), and a labelled choice. */

/** @param {string} tag @param {string} [className] @param {(string | Node)[]} children @returns {any} */
export function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/**
 * A select with its label; `options` are [value, text], `chose` hears the value.
 * @param {string} name @param {string} label @param {string[][]} options @param {string} standing @param {(value: string) => void} chose
 */
export function choice(name, label, options, standing, chose) {
  const select = make("select", "", ...options.map(([value, text]) => {
    const option = make("option", "", text);
    option.value = value;
    option.selected = value === standing;
    return option;
  }));
  select.id = `choose-${name}`;
  select.addEventListener("change", () => chose(select.value));
  const caption = make("label", "", label);
  caption.htmlFor = select.id;
  return make("span", "choice", caption, select);
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
