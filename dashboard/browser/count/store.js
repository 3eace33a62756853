/* The count on screen, live or of a moment: numbers, map and table subscribe to it and know nothing of each other. */

/**
 * @typedef {Record<string, any>} State absolute values by key
 * @typedef {{keys: string[], state: State, isWhole: boolean}} Shown `isWhole`: a key without a value has none
 * @typedef {{status: () => import("../live/protocol.js").Status, follow: (topics: string[], isLarge?: boolean) => void}} Client
 */

/** @type {State} */
let state = {};
let isAll = false; // what is shown is all there is
/** @type {Client | null} */
let client = null;
/** @type {((shown: Shown) => void)[]} */
const listeners = [];

export const standing = () => state;

/** @param {(shown: Shown) => void} listener */
export const subscribe = (listener) => listeners.push(listener);

/**
 * From now on these are the values on screen; `keys` may differ from before.
 * @param {string[]} keys
 * @param {State} newest
 */
export function show(keys, newest, isWhole = false) {
  state = newest;
  isAll = isWhole;
  for (const listener of listeners) listener({ keys, state, isWhole });
}

/* --- the live client, if this page follows the count --- */

/** @param {Client} live */
export const followBy = (live) => { client = live; };

/** @param {string[]} topics @param {boolean} [isLarge] */
export const follow = (topics, isLarge) => client?.follow(topics, isLarge);

/* How the client stands; nothing on a page that has none. */
export const status = () => client?.status() ?? null;

/* The server has been heard, or a moment's values: an area without numbers then has none. */
export const isTold = () => isAll || (client?.status().seq ?? -1) >= 0;
