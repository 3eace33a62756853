/* The mission's guides, kept on this device until whoever reads them signs out. */
import { clear, createStore, promisifyRequest, values } from "idb-keyval";
import { tried } from "./tried.js";

const store = createStore("escrutinio-guides", "guides");

/** The guides as they were kept last. @returns {Promise<any[]>} */
export const keptGuides = () => tried(() => values(store), []);

/** Keeps these and no others; whether it could. @param {any[]} guides */
export const keepGuides = (guides) => tried(async () => {
  await store("readwrite", (all) => {
    all.clear();
    for (const guide of guides) all.put(guide, guide.name);
    return promisifyRequest(all.transaction);
  });
  return true;
}, false);

export const dropGuides = () => tried(() => clear(store), undefined);
