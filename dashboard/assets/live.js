/* The client of rt/1: one socket (else a stream of events, else polling), one subscription, and a copy of the count that is never silently wrong.
   Framework-free and usable by the embed: createLive({base, topics, env}) with on("change" | "correction" | "status", listener). */
(function (escrutinio) {
  "use strict";

  const { phaseOf, retryDelay } = escrutinio.channels;
  const PROTOCOL = "escrutinio.rt.v1";
  const SILENCE_MS = 25000;
  const POLL_MS = 4000;
  const REFUSALS_BEFORE_FALLING_BACK = 2;

  function createLive(options) {
    const env = { ...escrutinio.channels.browserEnv(), ...options.env };
    const replica = escrutinio.replica.createReplica();
    const witness = escrutinio.replica.createWitness(replica);
    const listeners = { change: [], correction: [], status: [] };
    const { timers, setTimer } = escrutinio.channels.createTimers(env);
    let topics = options.topics;
    let feed = options.feed || null;
    let generation = 0; // grows with every change of topics: answers to older questions are dropped
    let socket = null;
    let stream = null;
    let transport = null; // "socket" | "stream" | "poll" | null while none has spoken
    let heardAt = null;
    let lostAt = env.now();
    let skew = 0;
    let attempt = 0;
    let refusals = 0;
    let streamsRefused = 0;
    let waiting = null; // deltas kept back while a gap is being filled
    let stopped = false;

    const emit = (name, event) => listeners[name].forEach((listener) => listener(event));
    const query = (more = {}) => [...topics.map((topic) => ["topic", topic]), ...Object.entries(more)]
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");

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
      const phase = phaseOf(transport, feed, lostAt === null ? 0 : env.now() - lostAt);
      return { phase, transport, feed, heardAt, skew, seq: replica.seq };
    }

    /* --- socket --- */

    function connect() {
      if (stopped) return;
      env.cancel(timers.retry);
      const own = (socket = env.open(`${env.socketBase}${options.base}/live`, PROTOCOL));
      const current = (task) => (event) => { if (own === socket) task(event); };
      own.onopen = current(subscribe);
      own.onmessage = current((event) => { heard("socket"); watch(); receive(JSON.parse(event.data), own); });
      own.onclose = current(() => lost(own.retry));
      own.onerror = () => {};
      watch();
    }

    function subscribe() {
      socket.send(JSON.stringify({ t: "sub", topics, ...replica.position() }));
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
      const own = (stream = env.listen(`${options.base}/stream?${query(replica.position())}`));
      const current = (task) => (event) => { if (own === stream) task(event); };
      const silent = () => setTimer("stream", current(streamLost), SILENCE_MS);
      own.onmessage = current((event) => { heard("stream"); silent(); receive(JSON.parse(event.data), own); });
      own.onerror = current(streamLost);
      silent();
    }

    /* The browser would resume by itself, but without jitter and from the version of the first request. */
    function streamLost() {
      streamsRefused = stream.greeted ? 0 : 1;
      const range = stream.retry;
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

    const handlers = {
      hello(message, source) {
        source.greeted = true;
        stopPolling();
        if (source === socket) {
          attempt = refusals = 0;
          stopStream();
        }
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
      bye(message, source) {
        source.retry = message.retry_ms;
      },
    };

    function receive(message, source) {
      if (Object.hasOwn(handlers, message.t)) handlers[message.t](message, source);
    }

    /* --- snapshots, gaps, hashes --- */

    function take(message, reason) {
      const keys = replica.snap(message);
      changed(keys, reason);
      if (message.hash) witness.trust(message.hash);
    }

    async function compare(message) {
      if (!waiting && (await witness.differs(message))) refresh("hash");
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
      if (transport === "stream" && stream) streamLost();
      else if (socket) { drop(); lost(); }
    }

    /* --- polling, where streams are blocked too --- */

    async function poll() {
      timers.poll = env.later(poll, POLL_MS * (0.75 + env.random() / 2));
      try {
        const [meta, state] = await Promise.all([get(options.base), get(`${options.base}/state?${query()}`)]);
        if (!state || transport === "socket" || transport === "stream") return;
        feed = meta.feed;
        if (state.epoch !== replica.epoch) replica.reset();
        if (state.seq >= replica.seq) take(state, "poll");
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
        if (stream) { stopStream(); listen(); }
        if (timers.poll) { stopPolling(); poll(); }
        connect();
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

  escrutinio.live = { createLive, retryDelay };
})(window.escrutinio);
