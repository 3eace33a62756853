/* The client of rt/1: one socket (else a stream of events, else polling), one subscription, and a copy of the count that is never silently wrong.
   Framework-free and usable by the embed: createLive({base, topics, env}) with on("change" | "correction" | "status", listener). */
import { browserEnv, createTimers, phaseOf, retryDelay } from "./channels.js";
import { createMender } from "./mending.js";
import { createReplica, createWitness } from "./replica.js";

const PROTOCOL = "escrutinio.rt.v1";
const SILENCE_MS = 25000;
const POLL_MS = 4000;
const REFUSALS_BEFORE_FALLING_BACK = 2;

/** @param {import("./protocol.js").Options} options */
export function createLive(options) {
  /** @type {import("./protocol.js").Env} */
  const env = { ...browserEnv(), ...options.env };
  const replica = createReplica();
  const witness = createWitness(replica);
  /** @type {Record<string, ((event: any) => void)[]>} */
  const listeners = { change: [], correction: [], status: [] };
  const { timers, setTimer } = createTimers(env);
  let topics = options.topics;
  /** @type {import("./protocol.js").Feed | null} */
  let feed = options.feed || null;
  let generation = 0; // grows with every change of topics: answers to older questions are dropped
  /** @type {import("./protocol.js").Source | null} */
  let socket = null;
  /** @type {import("./protocol.js").Source | null} */
  let stream = null;
  /** @type {import("./protocol.js").Transport} */
  let transport = null; // "socket" | "stream" | "poll" | null while none has spoken
  /** @type {number | null} */
  let heardAt = null;
  /** @type {number | null} */
  let lostAt = env.now();
  /** @type {Record<string, import("./protocol.js").Answer>} */
  let answers = {};
  let skew = 0;
  let attempt = 0;
  let refusals = 0;
  let streamsRefused = 0;
  /** @type {string | null} */
  let line = null; // the history the connection speaks of: an answer may know of a new one earlier
  let stopped = false;

  /** @param {string} name @param {any} event */
  const emit = (name, event) => listeners[name].forEach((listener) => listener(event));
  const mender = createMender({
    replica,
    witness,
    topics: () => topics,
    base: options.base,
    get,
    hear: {
      change(keys, reason) { if (keys.length) emit("change", { keys, reason, state: replica.state, seq: replica.seq }); },
      correction(changes, seq) { emit("correction", { changes, seq }); },
      failure: retrySoon,
    },
  });
  /** @param {Record<string, unknown>} [more] */
  const query = (more) => mender.query(topics, more);

  /** @param {import("./protocol.js").Transport} through */
  function heard(through) {
    heardAt = env.now();
    lostAt = null;
    if (transport !== through) {
      transport = through;
      emit("status", status());
    }
  }

  /** @returns {import("./protocol.js").Status} */
  function status() {
    const phase = phaseOf(transport, feed, lostAt === null ? 0 : env.now() - lostAt);
    return { phase, transport, feed, heardAt, skew, epoch: replica.epoch, seq: replica.seq, answers, movedAt: replica.movedAt };
  }

  /* --- socket --- */

  function connect() {
    if (stopped) return;
    env.cancel(timers.retry);
    const own = env.open(`${env.socketBase}${options.base}/live`, PROTOCOL);
    socket = own;
    /** @type {(task: (event: any) => void) => (event: any) => void} */
    const current = (task) => (event) => { if (own === socket) task(event); };
    own.onopen = current(subscribe);
    own.onmessage = current((event) => { heard("socket"); watch(); receive(JSON.parse(event.data), own); });
    own.onclose = current(() => lost(own.retry));
    own.onerror = () => {};
    watch();
  }

  function subscribe() {
    socket?.send?.(JSON.stringify({ t: "sub", topics, ...replica.position() }));
  }

  function watch() {
    setTimer("watchdog", () => {
      if (!socket) return;
      if (!socket.greeted) refusals += 1;
      drop();
      lost();
    }, SILENCE_MS);
  }

  function drop() {
    const old = socket;
    socket = null;
    if (old) old.close();
  }

  /** @param {number[]} [range] */
  function lost(range) {
    if (socket && !socket.greeted) refusals += 1;
    socket = null;
    mender.forget();
    env.cancel(timers.watchdog);
    if (stopped) return;
    if (transport === "socket") mute();
    if (refusals >= REFUSALS_BEFORE_FALLING_BACK) fallBack();
    setTimer("retry", connect, retryDelay(attempt, env.random, range));
    attempt += 1;
    emit("status", status());
  }

  function mute() {
    transport = null;
    lostAt = env.now();
  }

  /* --- server-sent events, where sockets are blocked --- */

  function fallBack() {
    if (stopped || stream || timers.poll || transport === "socket") return;
    if (streamsRefused || !env.listen) poll();
    else listen();
  }

  function listen() {
    if (!env.listen) return;
    const own = env.listen(`${options.base}/stream?${query(replica.position())}`);
    stream = own;
    /** @type {(task: (event?: any) => void) => (event?: any) => void} */
    const current = (task) => (event) => { if (own === stream) task(event); };
    const silent = () => setTimer("stream", current(streamLost), SILENCE_MS);
    own.onmessage = current((event) => { heard("stream"); silent(); receive(JSON.parse(event.data), own); });
    own.onerror = current(streamLost);
    silent();
  }

  /* The browser would resume by itself, but without jitter and from the version of the first request. */
  function streamLost() {
    streamsRefused = stream?.greeted ? 0 : 1;
    const range = stream?.retry;
    stopStream();
    if (transport === "stream") mute();
    if (streamsRefused) fallBack();
    else setTimer("stream", fallBack, retryDelay(0, env.random, range));
    emit("status", status());
  }

  function stopStream() {
    env.cancel(timers.stream);
    if (stream) stream.close();
    stream = null;
  }

  /** @type {Record<string, (message: any, source: import("./protocol.js").Source) => void>} */
  const handlers = {
    hello(message, source) {
      source.greeted = true;
      stopPolling();
      if (source === socket) {
        attempt = refusals = 0;
        stopStream();
      }
      if (replica.epoch !== null && replica.epoch !== message.epoch) replica.reset();
      line = replica.epoch = message.epoch;
    },
    snap(message) { mender.snap(message, message.why || "snap"); },
    fetch(message) { mender.refresh("snap", message.url); },
    delta(message) { mender.delta(message); },
    hb(message) {
      if (message.now) skew = Date.parse(message.now) - env.now();
      answers = message.answers ?? {};
      if (message.feed) feed = { ...feed, note: null, figures: {}, ...message.feed };
      emit("status", status());
      mender.heartbeat(message);
    },
    bye(message, source) {
      source.retry = message.retry_ms;
    },
  };
  const OF_A_HISTORY = ["snap", "fetch", "delta", "hb"];

  /** @param {any} message @param {import("./protocol.js").Source} source */
  function receive(message, source) {
    if (OF_A_HISTORY.includes(message.t) && line !== replica.epoch) return;
    if (Object.hasOwn(handlers, message.t)) handlers[message.t](message, source);
  }

  /* --- what is read over HTTP --- */

  /** @param {string} url @returns {Promise<import("./protocol.js").Body | null>} */
  async function get(url) {
    const asked = generation;
    const answer = await env.fetch(url);
    const isGone = answer.status === 410 || (answer.status === 404 && url.includes("/state/"));
    if (!answer.ok && !isGone) throw new Error(`${url} answered ${answer.status}`);
    const body = isGone ? { reset: true } : await answer.json();
    return asked === generation ? body : null;
  }

  function retrySoon() {
    if (transport === "stream" && stream) streamLost();
    else if (socket) { drop(); lost(); }
  }

  /* --- polling, where streams are blocked too --- */

  async function poll() {
    timers.poll = env.later(poll, POLL_MS * (0.75 + env.random() / 2));
    try {
      const [meta, state] = await Promise.all([get(options.base), get(`${options.base}/state?${query()}`)]);
      if (!meta || !state || transport === "socket" || transport === "stream") return;
      feed = meta.feed;
      if (state.epoch !== replica.epoch) replica.reset();
      if (state.seq >= replica.seq) mender.take(state, "poll");
      heard("poll");
    } catch {
      if (transport === "poll") mute();
    }
    emit("status", status());
  }

  function stopPolling() {
    env.cancel(timers.poll);
    timers.poll = null;
  }

  return {
    /** @param {"change" | "correction" | "status"} name @param {(event: any) => void} listener */
    on(name, listener) { listeners[name].push(listener); },
    status,
    get state() { return replica.state; },
    get seq() { return replica.seq; },
    start() { connect(); },
    /** The state as HTTP has it, while the connection still opens: what speaks then goes on from there. @param {string} url */
    async prime(url) {
      const body = await get(url).catch(() => null); // without it the connection brings a state
      if (body && !body.reset && body.seq > replica.seq) mender.take(body, "start");
    },
    /** Follow other topics: a new subscription, from a fresh snapshot. One that is large is read first, at once: the
       connection then goes on from there, instead of naming it two answers later. @param {string[]} wanted @param {boolean} [isLarge] */
    follow(wanted, isLarge = false) {
      if (wanted.join() === topics.join()) return;
      topics = wanted;
      generation += 1;
      mender.forget();
      replica.forget();
      drop();
      if (stream) { stopStream(); listen(); }
      if (timers.poll) { stopPolling(); poll(); }
      const [asked, open] = [generation, () => { if (asked === generation && !socket) connect(); }];
      if (!isLarge) { connect(); return; }
      setTimer("read", open, SILENCE_MS);
      this.prime(`${options.base}/state?${query()}`).then(open);
    },
    /* The network is back, or the page is seen again: do not sit out the delay. */
    wake() { if (!socket && !stopped) connect(); },
    stop() {
      stopped = true;
      drop();
      stopStream();
      Object.values(timers).forEach((timer) => env.cancel(timer));
    },
  };
}
