/* The mission's guides, kept on this device until whoever reads them signs out. */
import { clear, createStore, promisifyRequest, values } from "idb-keyval";

const store = createStore("escrutinio-guides", "guides");

/** The guides as they were kept last. @returns {Promise<any[]>} */
export const keptGuides = () => values(store).catch(() => []);

/** Keeps these and no others; whether it could. @param {any[]} guides */
export async function keepGuides(guides) {
  try {
    await store("readwrite", (all) => {
      all.clear();
      for (const guide of guides) all.put(guide, guide.name);
      return promisifyRequest(all.transaction);
    });
    return true;
  } catch {
    return false;
  }
}

export const dropGuides = () => clear(store).catch(() => {});
