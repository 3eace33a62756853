/* What the live client asks of a browser: sockets, streams of events, requests, a clock. Tests put their own in its place. */

const GRACE_MS = 5000;
/** What a page says of a feed, where it has another word than its state. @type {Record<string, string>} */
const FEED_PHASES = { ok: "live" };
const RETRY_MS = [500, 30000];

/**
 * Full jitter: anywhere between the shortest delay and a ceiling that doubles with each attempt.
 * @param {number} attempt @param {() => number} random @param {number[]} [range]
 */
export function retryDelay(attempt, random, range = RETRY_MS) {
  const [shortest, longest] = range;
  const ceiling = Math.min(longest, shortest * 2 ** (attempt + 1));
  return shortest + random() * (ceiling - shortest);
}

/**
 * What to say of the count: null while nothing was heard yet.
 * @param {import("./protocol.js").Transport} transport @param {import("./protocol.js").Feed | null} feed @param {number} silentMs
 */
export function phaseOf(transport, feed, silentMs) {
  if (silentMs > GRACE_MS) return "offline";
  if (transport === null) return null;
  if (!feed) return "live";
  return FEED_PHASES[feed.state] || feed.state;
}

/** One timer a name: setting it again replaces it. @param {import("./protocol.js").Env} env */
export function createTimers(env) {
  /** @type {Record<string, any>} */
  const timers = {};
  /** @type {(name: string, task: () => void, ms: number) => void} */
  const setTimer = (name, task, ms) => {
    env.cancel(timers[name]);
    timers[name] = env.later(task, ms);
  };
  return { timers, setTimer };
}

/** @returns {import("./protocol.js").Env} */
export function browserEnv() {
  return {
    open: (url, protocol) => new WebSocket(url, protocol),
    listen: globalThis.EventSource ? (url) => new EventSource(url) : null,
    fetch: (url) => fetch(url, { headers: { Accept: "application/json" } }),
    now: () => Date.now(),
    random: () => Math.random(),
    later: (task, ms) => setTimeout(task, ms),
    cancel: (timer) => clearTimeout(timer),
    socketBase: globalThis.location?.origin.replace(/^http/, "ws"),
  };
}
