/* Follow a count live, through lost connections and restarts: in a page, or with Node 22.

   import { follow } from "./follow.mjs";
   const stop = follow("https://count.example", "2026-06-07-president-runoff", (version, state) => { … }); */

export function follow(home, election, changed, topics = ["nation"]) {
  const base = `${home}/api/v1/elections/${election}`;
  let [state, epoch, seq] = [{}, null, null];
  let [socket, timer, isOver] = [null, null, false];

  function take(version, values) {
    [seq, state] = [version, values];
    changed(seq, state);
  }

  /* The next connection goes on from `seq`. */
  function again() {
    socket?.close();
  }

  const handlers = {
    hello(message) {
      if (message.epoch !== epoch) [state, epoch, seq] = [{}, message.epoch, null];
    },
    snap(message) { take(message.seq, message.state); },
    /* A large state is read over HTTP. */
    async fetch(message) {
      try {
        const answer = await fetch(home + message.url);
        if (!answer.ok) throw new Error(`${answer.status}`);
        const body = await answer.json();
        take(body.seq, body.state);
      } catch { again(); }
    },
    delta(message) {
      if (message.seq <= seq) return;
      if (message.prev > seq) { again(); return; } // something is missing
      const own = message.changes.filter((one) => !one.topic); // the others are events
      take(message.seq, { ...state, ...Object.fromEntries(own.map((one) => [one.k, one.d])) });
    },
    hb(message) { if (seq !== null && message.seq > seq) again(); },
  };

  function connect() {
    let retry = [500, 3000];
    const own = new WebSocket(`ws${base.slice(4)}/live`, "escrutinio.rt.v1");
    socket = own;
    const watch = () => { clearTimeout(timer); timer = setTimeout(() => own.close(), 25000); };
    own.onopen = () => own.send(JSON.stringify({ t: "sub", topics, ...(seq === null ? {} : { epoch, from: seq }) }));
    own.onmessage = ({ data }) => {
      watch();
      const message = JSON.parse(data);
      if (message.t === "bye") retry = message.retry_ms;
      else if (Object.hasOwn(handlers, message.t)) handlers[message.t](message);
    };
    own.onclose = () => {
      clearTimeout(timer);
      if (!isOver) timer = setTimeout(connect, retry[0] + Math.random() * (retry[1] - retry[0]));
    };
    watch();
  }

  connect();
  return () => { isOver = true; clearTimeout(timer); again(); };
}
