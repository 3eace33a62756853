/* What the live client asks of a browser: sockets, streams of events, requests, a clock. Tests put their own in its place. */

const GRACE_MS = 5000;
const FEED_PHASES = { ok: "live", starting: "starting", stale: "stale", frozen: "frozen", down: "frozen" };
const RETRY_MS = [500, 30000];

/* Full jitter: anywhere between the shortest delay and a ceiling that doubles with each attempt. */
export function retryDelay(attempt, random, [shortest, longest] = RETRY_MS) {
  const ceiling = Math.min(longest, shortest * 2 ** (attempt + 1));
  return shortest + random() * (ceiling - shortest);
}

/* What to say of the count: null while nothing was heard yet. */
export function phaseOf(transport, feed, silentMs) {
  if (silentMs > GRACE_MS) return "offline";
  return transport === null ? null : FEED_PHASES[feed ? feed.state : "ok"] || "stale";
}

/* One timer a name: setting it again replaces it. */
export function createTimers(env) {
  const timers = {};
  const setTimer = (name, task, ms) => {
    env.cancel(timers[name]);
    timers[name] = env.later(task, ms);
  };
  return { timers, setTimer };
}

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
