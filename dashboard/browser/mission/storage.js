/* Reports kept on this device. What the browser will not keep (no room, no permission) stays in this page, and is told as such. */
import { createStore, del, set, values } from "idb-keyval";

const store = createStore("escrutinio-reports", "reports");
const unkept = new Map(); // by key: these are gone with the page

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

/** Every report that is not sent, the oldest first. One that could not be kept again counts as it stands in this page. */
export async function all() {
  const kept = await tried(() => values(store), []);
  const found = new Map([...kept.map((report) => [report.key, report]), ...unkept]);
  return [...found.values()].sort((one, other) => (one.at < other.at ? -1 : 1));
}

export const isUnkept = (report) => unkept.has(report.key);

/** Something is gone when this page is left. */
export const hasUnkept = () => unkept.size > 0;
