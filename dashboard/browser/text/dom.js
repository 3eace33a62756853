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
export function run(source) {
  return new Promise((resolve, reject) => {
    const script = make("script");
    Object.assign(script, { src: source, async: false, onload: resolve, onerror: () => reject(new Error(`${source} did not load`)) });
    document.head.append(script);
  });
}
