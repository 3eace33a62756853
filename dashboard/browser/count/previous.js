/* What areas and places were in the election before: asked for a level at a time, once somebody wants to see the change. */
import { config } from "../text/config.js";
import { moved, shown } from "../text/figures.js";
import { keyOf, levelOf } from "../text/keys.js";

/** @typedef {{valid: number, votes: number[]} | null} Then null: it is not compared by itself */

/** @type {Map<string, Map<string, Then> | null>} */
const tables = new Map(); // null while one is on its way
/** @type {() => void} */
let arrived = () => {};

/** Hears when figures of then have come. @param {() => void} listener */
export const onArrival = (listener) => { arrived = listener; };

/** @param {string} query */
async function fetchRows(query) {
  const answer = await fetch(`${config.base}/previous?${query}`);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return (await answer.json()).rows;
}

/** @param {string} query */
function ask(query) {
  tables.set(query, null);
  fetchRows(query).then((rows) => {
    tables.set(query, new Map(rows.map((/** @type {{key: string, then: Then}} */ { key, then }) => [key, then])));
    arrived();
  }, () => tables.delete(query)); // whoever paints next asks again
}

/**
 * A key then; undefined as long as nobody knows.
 * @param {string} key
 * @param {any} data
 * @returns {Then | undefined}
 */
function thenOf(key, data) {
  const level = levelOf(key);
  // All areas of a level at once, polling places a district at a time.
  const query = data?.ubigeo ? `level=${level}&within=${encodeURIComponent(keyOf("district", data.ubigeo))}` : `level=${level}`;
  if (!tables.has(query)) ask(query);
  const table = tables.get(query);
  return table ? table.get(key) ?? null : undefined;
}

/**
 * The change of the list that is compared, in percentage points: null where there is none to tell, undefined as long as
 * nobody knows. `isCompared`: it is not for want of votes now.
 * @param {string} key
 * @param {any} data
 */
export function changeOf(key, data) {
  const then = thenOf(key, data);
  if (!then) return { points: then, isCompared: then === undefined };
  const { votes } = shown(data);
  const valid = votes?.reduce((/** @type {number} */ sum, /** @type {number} */ own) => sum + own, 0);
  return { points: moved(votes?.[config.previous.list], valid, then.votes[0], then.valid), isCompared: true };
}
