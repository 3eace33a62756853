/* The client of the table of contests (docs/live.md): one socket (else a stream of events, else polling) for all of them, and
   a copy of the rows it was sent. It is used as the client of one count is: createTable({base, …}) with on("change" | "status"). */
import { browserEnv, createTimers, phaseOf, retryDelay } from "./channels.js";

const PROTOCOL = "escrutinio.rt.v1";
const SILENCE_MS = 25000;
const POLL_MS = 4000;
const REFUSALS_BEFORE_FALLING_BACK = 2;

/** @param {string[]} contests */
const named = (contests) => contests.map((id) => `contest=${encodeURIComponent(id)}`).join("&");

/** @param {import("./protocol.js").TableOptions} options */
export function createTable(options) {
  /** @type {import("./protocol.js").Env} */
  const env = { ...browserEnv(), ...options.env };
  const { base, contests, ballot } = options;
  /** @type {Record<string, ((event: any) => void)[]>} */
  const listeners = { change: [], correction: [], status: [] };
  const { timers, setTimer } = createTimers(env);
  /** @type {import("./protocol.js").State} */
  let rows = {};
  /** @type {Record<string, number> | null} */
  let counts = null; // of all contests, by state; null before the first news
  let epoch = options.epoch ?? null;
  let version = options.version ?? -1;
  let asOf = options.feed ?? null;
  /** @type {import("./protocol.js").Source | null} */
  let source = null;
  /** @type {import("./protocol.js").Transport} */
  let transport = null;
  /** @type {number | null} */
  let heardAt = null;
  /** @type {number | null} */
  let lostAt = env.now();
  let skew = 0;
  let attempt = 0;
  let refusals = 0;

  /** @param {string} name @param {any} event */
  const emit = (name, event) => listeners[name].forEach((listener) => listener(event));

  /** @returns {import("./protocol.js").Status} */
  function status() {
    const phase = phaseOf(transport, asOf, lostAt === null ? 0 : env.now() - lostAt);
    return { phase, transport, feed: asOf, heardAt, skew, epoch, seq: version, counts };
  }

  /** @param {import("./protocol.js").Transport} through */
  function heard(through) {
    heardAt = env.now();
    lostAt = null;
    transport = through;
    emit("status", status());
  }

  /** The times of all are those of whoever was asked, or changed, last. @param {any[]} news */
  function age(news) {
    if (!asOf) return;
    for (const { checked_at: checked, changed_at: changed } of news) {
      if (checked > (asOf.checked_at ?? "")) asOf = { ...asOf, checked_at: checked };
      if (changed > (asOf.changed_at ?? "")) asOf = { ...asOf, changed_at: changed };
    }
  }

  /** How the source is, whether or not any row changed. @param {any} feed */
  function hearOf(feed) {
    age([feed]);
    if (asOf) asOf = { ...asOf, state: feed.state, note: feed.note ?? null, figures: feed.figures ?? {} };
  }

  /** @param {any} table @param {string} reason */
  function take(table, reason) {
    if (reason !== "rows") rows = {};
    for (const row of table.rows) rows[row.id] = row;
    counts = table.counts;
    version = table.version;
    epoch = table.epoch ?? epoch;
    age(table.rows);
    emit("change", { keys: table.rows.map((/** @type {any} */ row) => row.id), reason, state: rows, seq: version });
  }

  /** @param {string} url @param {string} reason */
  async function read(url, reason) {
    const answer = await env.fetch(url);
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
    take(await answer.json(), reason);
  }

  /** @type {Record<string, (message: any, own: import("./protocol.js").Source) => void>} */
  const handlers = {
    hello(message, own) {
      own.greeted = true;
      attempt = refusals = 0;
      if (epoch !== message.epoch) [epoch, version, rows] = [message.epoch, -1, {}];
    },
    snapshot(message) { take(message.table, message.why); },
    fetch(message) { read(message.url, "fetch").catch(() => source?.close()); },
    rows(message) { if (message.version > version) take(message, "rows"); },
    hb(message) {
      if (message.now) skew = Date.parse(message.now) - env.now();
      if (message.feed) hearOf(message.feed);
    },
    bye(message, own) { own.retry = message.retry_ms; },
  };

  /** @param {import("./protocol.js").Source} own @param {import("./protocol.js").Transport} through */
  function hear(own, through) {
    source = own;
    const watch = () => setTimer("watchdog", () => lost(own), SILENCE_MS);
    own.onmessage = (event) => {
      if (own !== source) return;
      const message = JSON.parse(event.data);
      watch();
      if (Object.hasOwn(handlers, message.t)) handlers[message.t](message, own);
      heard(through);
    };
    own.onerror = () => { if (through === "stream") lost(own); };
    watch();
  }

  /* A page whose sockets are refused listens to a stream of events, and where that is refused it asks. */
  function connect() {
    if (source || contests?.length === 0) return;
    env.cancel(timers.retry);
    env.cancel(timers.poll);
    if (refusals >= 2 * REFUSALS_BEFORE_FALLING_BACK) { poll(); return; }
    if (refusals >= REFUSALS_BEFORE_FALLING_BACK && env.listen) {
      hear(env.listen(`${base}/stream${contests ? `?${named(contests)}` : ""}`), "stream");
      return;
    }
    const own = env.open(`${env.socketBase}${base}/live`, PROTOCOL);
    hear(own, "socket");
    const known = epoch !== null && version >= 0 ? { epoch, from: version } : {};
    own.onopen = () => own.send?.(JSON.stringify({ t: "sub", ...(contests ? { contests } : {}), ...known }));
    own.onclose = () => lost(own);
  }

  /** @param {import("./protocol.js").Source} own */
  function lost(own) {
    if (own !== source) return;
    if (!own.greeted) refusals += 1;
    source = null;
    env.cancel(timers.watchdog);
    own.close();
    mute();
    setTimer("retry", connect, retryDelay(attempt, env.random, own.retry));
    attempt += 1;
  }

  function mute() {
    transport = null;
    lostAt ??= env.now();
    emit("status", status());
  }

  /* Of a long table only its own rows: all of them are a hundred kilobytes. */
  function asked() {
    if (ballot) return `${base}?ballot=${encodeURIComponent(ballot)}`;
    return contests ? `${base}?${named(contests)}` : base;
  }

  async function poll() {
    timers.poll = env.later(poll, POLL_MS * (0.75 + env.random() / 2));
    try {
      await read(asked(), "poll");
      const election = await env.fetch(base.replace(/\/contests$/, ""));
      if (election.ok) hearOf((await election.json()).feed);
      heard("poll");
    } catch {
      mute();
    }
  }

  return {
    /** @param {"change" | "correction" | "status"} name @param {(event: any) => void} listener */
    on(name, listener) { listeners[name].push(listener); },
    status,
    get state() { return rows; },
    get seq() { return version; },
    start: connect,
    wake: connect,
    follow() {},
    stop() {
      const own = source;
      source = null;
      own?.close();
      Object.values(timers).forEach((timer) => env.cancel(timer));
    },
  };
}
