/* The client of rt/1: one socket, one subscription, and a copy of the count that is never silently wrong.
   Framework-free and usable by the embed: createLive({base, topics, env}) with on("change" | "correction" | "status", listener). */
(function (escrutinio) {
  "use strict";

  const PROTOCOL = "escrutinio.rt.v1";
  const SILENCE_MS = 25000;
  const GRACE_MS = 5000;
  const RETRY_MS = [500, 30000];
  const POLL_MS = 4000;
  const REFUSALS_BEFORE_POLLING = 2;
  const FEED_PHASES = { ok: "live", starting: "starting", stale: "stale", frozen: "frozen", down: "frozen" };

  /* Full jitter: anywhere between the shortest delay and a ceiling that doubles with each attempt. */
  function retryDelay(attempt, random, [shortest, longest] = RETRY_MS) {
    const ceiling = Math.min(longest, shortest * 2 ** (attempt + 1));
    return shortest + random() * (ceiling - shortest);
  }

  function browserEnv() {
    return {
      open: (url, protocol) => new WebSocket(url, protocol),
      fetch: (url) => fetch(url, { headers: { Accept: "application/json" } }),
      now: () => Date.now(),
      random: () => Math.random(),
      later: (task, ms) => setTimeout(task, ms),
      cancel: (timer) => clearTimeout(timer),
      socketBase: window.location.origin.replace(/^http/, "ws"),
    };
  }

  function createLive(options) {
    const env = { ...browserEnv(), ...options.env };
    const replica = escrutinio.replica.createReplica();
    const listeners = { change: [], correction: [], status: [] };
    const timers = {};
    let topics = options.topics;
    let feed = options.feed || null;
    let generation = 0; // grows with every change of topics: answers to older questions are dropped
    let socket = null;
    let transport = null; // "socket" | "poll" | null while neither has spoken
    let heardAt = null;
    let lostAt = env.now();
    let skew = 0;
    let attempt = 0;
    let refusals = 0;
    let waiting = null; // deltas kept back while a gap is being filled
    let hashes = { trusted: false, misses: 0 };
    let stopped = false;

    const emit = (name, event) => listeners[name].forEach((listener) => listener(event));
    const query = () => topics.map((topic) => `topic=${encodeURIComponent(topic)}`).join("&");

    function setTimer(name, task, ms) {
      env.cancel(timers[name]);
      timers[name] = env.later(task, ms);
    }

    function changed(keys, reason) {
      if (keys.length) emit("change", { keys, reason, state: replica.state, seq: replica.seq });
    }

    function apply(message) {
      const result = replica.delta(message);
      if (result.corrections.length) emit("correction", { changes: result.corrections, seq: message.seq });
      return result;
    }

    function heard(through) {
      heardAt = env.now();
      lostAt = null;
      if (transport !== through) {
        transport = through;
        emit("status", status());
      }
    }

    function status() {
      const silent = lostAt !== null && env.now() - lostAt > GRACE_MS;
      const phase = silent ? "offline" : transport === null ? null : FEED_PHASES[feed ? feed.state : "ok"] || "stale";
      return { phase, transport, feed, heardAt, skew, seq: replica.seq };
    }

    /* --- socket --- */

    function connect() {
      if (stopped) return;
      env.cancel(timers.retry);
      const own = (socket = env.open(`${env.socketBase}${options.base}/live`, PROTOCOL));
      const current = (task) => (event) => { if (own === socket) task(event); };
      own.greeted = false;
      own.onopen = current(subscribe);
      own.onmessage = current((event) => { heard("socket"); watch(); receive(JSON.parse(event.data)); });
      own.onclose = current(() => lost(own.retry));
      own.onerror = () => {};
      watch();
    }

    function subscribe() {
      const wish = { t: "sub", topics };
      if (replica.seq >= 0 && replica.epoch) Object.assign(wish, { epoch: replica.epoch, from: replica.seq });
      socket.send(JSON.stringify(wish));
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

    function lost(range) {
      if (socket && !socket.greeted) refusals += 1;
      socket = null;
      waiting = null;
      env.cancel(timers.watchdog);
      if (stopped) return;
      if (transport === "socket" || lostAt === null) {
        transport = null;
        lostAt = env.now();
      }
      if (refusals >= REFUSALS_BEFORE_POLLING && !timers.poll) poll();
      setTimer("retry", connect, retryDelay(attempt, env.random, range));
      attempt += 1;
      emit("status", status());
    }

    const handlers = {
      hello(message) {
        socket.greeted = true;
        attempt = refusals = 0;
        stopPolling();
        if (replica.epoch !== null && replica.epoch !== message.epoch) replica.reset();
        replica.epoch = message.epoch;
      },
      snap(message) {
        waiting = null;
        take(message, message.why || "snap");
      },
      fetch(message) {
        refresh("snap", message.url);
      },
      delta(message) {
        if (waiting) { waiting.push(message); return; }
        const result = apply(message);
        if (result.outcome === "gap") fill(message);
        else changed(result.keys, "delta");
      },
      hb(message) {
        if (message.now) skew = Date.parse(message.now) - env.now();
        if (message.feed) feed = { ...feed, ...message.feed };
        emit("status", status());
        if (message.hash) compare(message);
      },
      bye(message) {
        socket.retry = message.retry_ms;
      },
    };

    function receive(message) {
      if (Object.hasOwn(handlers, message.t)) handlers[message.t](message);
    }

    /* --- snapshots, gaps, hashes --- */

    function take(message, reason) {
      const keys = replica.snap(message);
      changed(keys, reason);
      if (message.hash) trust(message.hash);
    }

    /* A hash is worth comparing only where our own digest of a fresh snapshot equals the server's. */
    async function trust(hash) {
      const seq = replica.seq;
      const own = await escrutinio.replica.digest(replica.state);
      if (seq === replica.seq) hashes.trusted = own !== null && hash.endsWith(own);
    }

    async function compare(message) {
      if (!hashes.trusted || message.seq !== replica.seq || waiting) return;
      const own = await escrutinio.replica.digest(replica.state);
      if (message.seq !== replica.seq) return;
      if (message.hash.endsWith(own)) { hashes.misses = 0; return; }
      hashes.misses += 1;
      if (hashes.misses > 1) hashes = { trusted: false, misses: 0 };
      else refresh("hash");
    }

    async function get(url) {
      const asked = generation;
      const answer = await env.fetch(url);
      if (!answer.ok && answer.status !== 410) throw new Error(`${url} answered ${answer.status}`);
      const body = await answer.json();
      return asked === generation ? body : null;
    }

    /* Ask for everything again; deltas that arrive meanwhile wait and are applied after. */
    async function refresh(reason, url) {
      waiting = waiting || [];
      try {
        const body = await get(url || `${options.base}/state?${query()}`);
        if (body) take(body, reason);
      } catch {
        retrySoon();
        return;
      }
      release();
    }

    async function fill(message) {
      waiting = [message];
      const from = replica.seq < 0 ? null : `epoch=${replica.epoch}&from=${replica.seq}&${query()}`;
      try {
        const body = from && (await get(`${options.base}/changes?${from}`));
        if (!body || body.reset || body.epoch !== replica.epoch) { await refresh("gap"); return; }
        const keys = body.deltas.flatMap((delta) => apply({ ...delta, prev: -1 }).keys);
        changed(keys, "resume");
        if (!body.deltas.length) { await refresh("gap"); return; }
      } catch {
        retrySoon();
        return;
      }
      release();
    }

    function release() {
      const kept = waiting || [];
      waiting = null;
      kept.forEach((delta) => handlers.delta(delta));
    }

    function retrySoon() {
      waiting = null;
      if (socket) { drop(); lost(); }
    }

    /* --- polling, where sockets are blocked --- */

    async function poll() {
      timers.poll = env.later(poll, POLL_MS * (0.75 + env.random() / 2));
      try {
        const [meta, state] = await Promise.all([get(options.base), get(`${options.base}/state?${query()}`)]);
        if (!state || transport === "socket") return;
        feed = meta.feed;
        if (state.epoch !== replica.epoch) replica.reset();
        if (state.seq >= replica.seq) take(state, "poll");
        heard("poll");
      } catch {
        if (lostAt === null && transport === "poll") { lostAt = env.now(); transport = null; }
      }
      emit("status", status());
    }

    function stopPolling() {
      env.cancel(timers.poll);
      timers.poll = null;
    }

    return {
      on(name, listener) { listeners[name].push(listener); },
      status,
      get state() { return replica.state; },
      get seq() { return replica.seq; },
      start() { connect(); },
      /* Follow other topics: a new subscription, from a fresh snapshot. */
      follow(wanted) {
        if (wanted.join() === topics.join()) return;
        topics = wanted;
        generation += 1;
        waiting = null;
        replica.reset();
        drop();
        if (timers.poll) { stopPolling(); poll(); }
        connect();
      },
      /* The network is back, or the page is seen again: do not sit out the delay. */
      wake() { if (!socket && !stopped) connect(); },
      stop() {
        stopped = true;
        drop();
        Object.values(timers).forEach((timer) => env.cancel(timer));
      },
    };
  }

  escrutinio.live = { createLive, retryDelay };
})(window.escrutinio);
