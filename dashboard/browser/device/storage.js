/* Reports kept on this device. What the browser will not keep (no room, no permission) stays in this page, and is told as such. */
import { createStore, del, set, values } from "idb-keyval";

const store = createStore("escrutinio-reports", "reports");
const unkept = new Map(); // by key: these are gone with the page
const EARLIER = { name: "escrutinio-mission", store: "reports" }; // where reports were kept before, under a key within each
let moved = null; // the promise that those have come here

/** Why a browser keeps nothing: "full" or "denied". */
const reasonOf = (error) => (error?.name === "QuotaExceededError" ? "full" : "denied");

/* A browser may refuse at once or later. */
async function tried(task, otherwise) {
  try {
    return await task();
  } catch {
    return otherwise;
  }
}

/** Keeps a report as it stands now; why it is not kept, or null. */
export async function keep(report) {
  try {
    await set(report.key, report, store);
    unkept.delete(report.key);
    return null;
  } catch (error) {
    unkept.set(report.key, report);
    return reasonOf(error);
  }
}

export async function drop(key) {
  unkept.delete(key);
  await tried(() => del(key, store), null); // a browser that keeps nothing has nothing to drop
}

const promised = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/* The database of before, null where there is none: to open one that is not there would make it. */
function openEarlier() {
  const opening = window.indexedDB.open(EARLIER.name);
  opening.onupgradeneeded = () => opening.transaction.abort();
  return promised(opening).catch(() => null);
}

/* What was left unsent there comes here. Each goes from there once it stands here: what the browser has no room for twice
   stays, is sent from this page, and the server knows it by its key should it be sent again. */
async function move() {
  const earlier = await openEarlier();
  if (!earlier) return;
  const there = (mode) => earlier.transaction(EARLIER.store, mode).objectStore(EARLIER.store);
  for (const report of await promised(there("readonly").getAll())) {
    if ((await keep(report)) === null) await promised(there("readwrite").delete(report.key));
  }
  earlier.close();
}

/** Every report that is not sent, the oldest first. One that could not be kept again counts as it stands in this page. */
export async function all() {
  moved ??= tried(move, null);
  await moved;
  const kept = await tried(() => values(store), []);
  const found = new Map([...kept.map((report) => [report.key, report]), ...unkept]);
  return [...found.values()].sort((one, other) => (one.at < other.at ? -1 : 1));
}

export const isUnkept = (report) => unkept.has(report.key);

/** Something is gone when this page is left. */
export const hasUnkept = () => unkept.size > 0;
