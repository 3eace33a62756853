/* What is to be sent, and drafts, kept on this device. What the browser will not keep (no room, no permission) stays in this page, and is
   told as such. */
import { createStore, del, entries, get, keys, promisifyRequest, set } from "idb-keyval";

const NAME = "reports";
const DRAFT = "draft/"; // how the key of a draft begins; a report's is 32 hexadecimal digits
const opened = createStore("escrutinio-reports", NAME);
const unkept = new Map(); // by key: these are gone with the page
const EARLIER = { name: "escrutinio-mission", store: "reports" }; // where reports were kept before, under a key within each
let moved = null; // the promise that those have come here

/* Written through to the disk before it counts as kept: a phone whose battery ends has it. */
const store = (mode, task) => (mode === "readonly" ? opened(mode, task) : opened("readonly", ({ transaction }) =>
  task(transaction.db.transaction(NAME, mode, { durability: "strict" }).objectStore(NAME))));

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

/** Why this browser keeps nothing, found by trying; null: it does. */
export async function probe() {
  try {
    await set(DRAFT, Date.now(), store);
    await del(DRAFT, store);
    return null;
  } catch (error) {
    return reasonOf(error);
  }
}

/** Keeps a report as it stands now, in the place of the draft it was; why it is not kept, or null. */
export async function keep(report, draft = null) {
  try {
    await store("readwrite", (all) => {
      all.put(report, report.key);
      if (draft) all.delete(DRAFT + draft);
      return promisifyRequest(all.transaction);
    });
    unkept.delete(report.key);
    return null;
  } catch (error) {
    unkept.set(report.key, report);
    return reasonOf(error);
  }
}

/** Asks that what is kept here be thrown away by nobody but its owner: without it a browser may, where the device has no room. */
export const guard = () => tried(() => navigator.storage.persist(), false);

/** Keeps what is being written under that name; why it is not kept, or null. */
export async function keepDraft(name, draft) {
  try {
    await set(DRAFT + name, draft, store);
    return null;
  } catch (error) {
    return reasonOf(error);
  }
}

export const findDraft = (name) => tried(() => get(DRAFT + name, store), null);
/** The names of the drafts that begin so. */
export const draftNames = (start) => tried(async () => (await keys(store)).filter((key) => key.startsWith(DRAFT + start)).map((key) => key.slice(DRAFT.length)), []);
export const dropDraft = (name) => tried(() => del(DRAFT + name, store), null);

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

/** All that is not sent, the oldest first. One that could not be kept again counts as it stands in this page. */
export async function all() {
  moved ??= tried(move, null);
  await moved;
  const kept = await tried(() => entries(store), []);
  const found = new Map([...kept.filter(([key]) => !key.startsWith(DRAFT)), ...unkept]);
  // Those of an earlier version say no kind: they are reports.
  return [...found.values()].map((each) => ({ kind: "report", ...each })).sort((one, other) => (one.at < other.at ? -1 : 1));
}

export const isUnkept = (report) => unkept.has(report.key);

/** Something is gone when this page is left. */
export const hasUnkept = () => unkept.size > 0;
