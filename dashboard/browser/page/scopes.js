/* Key → the elements that show it. Found once for all that is repainted in one go: a whole country is 1,900 keys. */

let found = null;

export function scopesOf(key) {
  if (found === null) {
    found = new Map();
    for (const element of document.querySelectorAll("[data-area]")) {
      const { area } = element.dataset;
      if (found.has(area)) found.get(area).push(element);
      else found.set(area, [element]);
    }
    queueMicrotask(() => { found = null; });
  }
  return found.get(key) || [];
}

export const isShown = (key) => scopesOf(key).length > 0;
