/* The rt/1 client against a wire and a clock of the test's own. */
import { webcrypto } from "node:crypto";
import { test } from "node:test";
import { retryDelay } from "../../../dashboard/browser/live/channels.js";
import { createLive } from "../../../dashboard/browser/live/client.js";
import { canonical } from "../../../dashboard/browser/live/replica.js";
import { createTable } from "../../../dashboard/browser/live/table.js";

globalThis.crypto ??= webcrypto; // Node 18 has it elsewhere

function equal(actual, expected, what) {
  const [one, other] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (one !== other) throw new Error(`${what || "value"}: got ${one}, wanted ${other}`);
}

const settle = () => new Promise((resolve) => { setTimeout(resolve, 0); });

/* A wire that records, a clock that is turned by hand. */
function stage(answers = {}, withStreams = false) {
  const wire = { sockets: [], streams: [], asked: [], timers: [], now: 0, changes: [] };
  const env = {
    socketBase: "ws://test",
    open(url, protocol) {
      const socket = { url, protocol, sent: [], closed: false, send(text) { this.sent.push(JSON.parse(text)); }, close() { this.closed = true; } };
      wire.sockets.push(socket);
      return socket;
    },
    listen: withStreams && ((url) => {
      const stream = { url, closed: false, close() { this.closed = true; } };
      wire.streams.push(stream);
      return stream;
    }),
    async fetch(url) {
      wire.asked.push(url);
      const key = Object.keys(answers).find((start) => url.startsWith(start));
      if (!key) throw new Error("no network");
      const body = typeof answers[key] === "function" ? answers[key](url) : answers[key];
      return { ok: !body.reset, status: body.reset ? 410 : 200, json: async () => body };
    },
    now: () => wire.now,
    random: () => 0.5,
    later(task, ms) { const timer = { task, at: wire.now + ms }; wire.timers.push(timer); return timer; },
    cancel(timer) { wire.timers = wire.timers.filter((other) => other !== timer); },
  };
  wire.tick = (ms) => {
    const until = wire.now + ms;
    for (;;) {
      const due = wire.timers.filter((timer) => timer.at <= until).sort((one, other) => one.at - other.at)[0];
      if (!due) break;
      wire.now = due.at;
      wire.timers = wire.timers.filter((other) => other !== due);
      due.task();
    }
    wire.now = until;
  };
  wire.say = (message, socket = wire.sockets.at(-1)) => socket.onmessage({ data: JSON.stringify(message) });
  wire.env = env;
  wire.live = createLive({ base: "/e", topics: ["nation"], env });
  wire.live.on("change", (event) => wire.changes.push(event));
  wire.begin = (epoch = "a", seq = 10, state = { nation: { n: 1 } }) => {
    wire.live.start();
    wire.sockets.at(-1).onopen();
    wire.say({ t: "hello", v: 1, epoch, seq, hb: 10 });
    wire.say({ t: "snap", seq, state, why: "start" });
    return wire;
  };
  return wire;
}

const delta = (seq, prev, n, k = "nation") => ({ t: "delta", seq, prev, changes: [{ k, kind: "update", d: { n }, src: "s" }] });

test("subscribes once to its topics and takes the first snapshot", () => {
  const wire = stage().begin();
  equal(wire.sockets[0].url, "ws://test/e/live");
  equal(wire.sockets[0].protocol, "escrutinio.rt.v1");
  equal(wire.sockets[0].sent, [{ t: "sub", topics: ["nation"] }]);
  equal(wire.live.state, { nation: { n: 1 } });
  equal(wire.changes[0].keys, ["nation"]);
});

test("reduces absolute values and drops what it already knows", () => {
  const wire = stage().begin();
  wire.say(delta(12, 10, 5));
  wire.say(delta(12, 10, 5));
  wire.say(delta(11, 10, 4));
  equal(wire.live.state.nation, { n: 5 });
  equal(wire.live.seq, 12);
  equal(wire.changes.length, 2);
});

test("fills a gap through changes and then applies what waited", async () => {
  const wire = stage({ "/e/changes": { v: 1, epoch: "a", seq: 12, deltas: [delta(11, 10, 2), delta(12, 11, 3)] } }).begin();
  wire.say(delta(13, 12, 9));
  wire.say(delta(14, 13, 10));
  equal(wire.live.state.nation, { n: 1 });
  await settle();
  equal(wire.asked, ["/e/changes?epoch=a&from=10&topic=nation"]);
  equal(wire.live.state.nation, { n: 10 });
  equal(wire.live.seq, 14);
});

test("takes a snapshot when the changes are gone", async () => {
  const wire = stage({ "/e/changes": { reset: true }, "/e/state": { epoch: "a", seq: 20, state: { nation: { n: 20 } } } }).begin();
  wire.say(delta(21, 20, 21));
  await settle();
  equal(wire.asked.length, 2);
  equal(wire.live.state.nation, { n: 21 });
});

test("does not turn in circles when changes do not close the gap", async () => {
  const wire = stage({ "/e/changes": { v: 1, epoch: "a", seq: 10, deltas: [] }, "/e/state": { epoch: "a", seq: 30, state: { nation: { n: 30 } } } }).begin();
  wire.say(delta(29, 28, 29));
  await settle();
  equal(wire.asked.length, 2);
  equal(wire.live.seq, 30);
});

test("a hole that only the topic filter made is no gap", () => {
  const wire = stage().begin();
  wire.say(delta(40, 9, 7));
  equal(wire.asked, []);
  equal(wire.live.seq, 40);
});

test("fetches a snapshot that the server only points to", async () => {
  const wire = stage({ "/e/state/18": { epoch: "a", seq: 18, state: { nation: { n: 18 } } } }).begin();
  wire.say({ t: "fetch", url: "/e/state/18" });
  wire.say(delta(19, 18, 19));
  await settle();
  equal(wire.live.state.nation, { n: 19 });
});

test("a new epoch resets what it knows, even to a lower version", () => {
  const wire = stage().begin("a", 100);
  wire.say({ t: "hello", v: 1, epoch: "b", seq: 3 });
  wire.say({ t: "snap", seq: 3, state: { nation: { n: 33 } }, why: "epoch" });
  equal(wire.live.seq, 3);
  equal(wire.live.state, { nation: { n: 33 } });
});

test("reconnects with jitter after a close and resumes from its version", () => {
  const wire = stage().begin();
  wire.sockets[0].onclose();
  equal(wire.sockets.length, 1);
  wire.tick(1000);
  equal(wire.sockets.length, 2);
  wire.sockets[1].onopen();
  equal(wire.sockets[1].sent, [{ t: "sub", topics: ["nation"], epoch: "a", from: 10 }]);
});

test("jitter stays between half a second and thirty", () => {
  const delays = [0, 1, 5, 12].flatMap((attempt) => [0, 0.999].map((random) => retryDelay(attempt, () => random)));
  equal(delays.every((ms) => ms >= 500 && ms <= 30000), true);
  equal(retryDelay(12, () => 0.999) > 29000, true);
  equal(retryDelay(0, () => 0.5, [4000, 9000]) >= 4000, true);
});

test("a server that says bye chooses the delay", () => {
  const wire = stage().begin();
  wire.say({ t: "bye", code: 4008, retry_ms: [8000, 9000] });
  wire.sockets[0].onclose();
  wire.tick(7900);
  equal(wire.sockets.length, 1);
  wire.tick(1200);
  equal(wire.sockets.length, 2);
});

test("silence for 25 seconds is a broken connection", () => {
  const wire = stage().begin();
  wire.tick(20000);
  wire.say({ t: "hb", seq: 10, feed: { state: "ok" } });
  wire.tick(24000);
  equal(wire.sockets[0].closed, false);
  wire.tick(1500);
  equal(wire.sockets[0].closed, true);
  wire.tick(2000);
  equal(wire.sockets.length, 2);
});

test("says live, stale, down and offline as they are", () => {
  const wire = stage().begin();
  equal(wire.live.status().phase, "live");
  for (const [state, phase] of [["stale", "stale"], ["down", "down"], ["starting", "starting"], ["ok", "live"], ["final", "final"]]) {
    wire.say({ t: "hb", seq: 10, feed: { state } });
    equal(wire.live.status().phase, phase, state);
  }
  wire.sockets[0].onclose();
  equal(wire.live.status().phase, null);
  wire.now += 6000;
  equal(wire.live.status().phase, "offline");
});

test("the server's clock corrects this machine's", () => {
  const wire = stage().begin();
  wire.now = Date.parse("2026-06-13T19:00:00Z");
  wire.say({ t: "hb", seq: 10, now: "2026-06-13T19:00:07Z", feed: { state: "ok" } });
  equal(wire.live.status().skew, 7000);
});

test("polls where sockets are refused, and stops when one opens", async () => {
  const wire = stage({ "/e/state": { epoch: "a", seq: 5, state: { nation: { n: 5 } } }, "/e": { feed: { state: "ok" } } });
  wire.live.start();
  for (let refusal = 0; refusal < 2; refusal += 1) {
    wire.sockets.at(-1).onclose();
    wire.tick(3000);
  }
  await settle();
  equal(wire.live.status().transport, "poll");
  equal(wire.live.state.nation, { n: 5 });
  wire.sockets.at(-1).onopen();
  wire.say({ t: "hello", v: 1, epoch: "a", seq: 5 });
  wire.asked.length = 0;
  wire.say({ t: "hb", seq: 5, feed: { state: "ok" } });
  wire.tick(9000);
  equal(wire.asked, []);
  equal(wire.live.status().transport, "socket");
});

function refuseSockets(wire, times = 2) {
  for (let refusal = 0; refusal < times; refusal += 1) {
    wire.sockets.at(-1).onclose();
    wire.tick(3000);
  }
}

test("reads a stream of events where sockets are refused, and leaves it when one opens", async () => {
  const wire = stage({}, true);
  wire.live.start();
  refuseSockets(wire);
  const [stream] = wire.streams;
  equal(stream.url, "/e/stream?topic=nation");
  wire.say({ t: "hello", v: 1, epoch: "a", seq: 5 }, stream);
  wire.say({ t: "snap", seq: 5, state: { nation: { n: 5 } }, why: "start" }, stream);
  wire.say(delta(6, 5, 6), stream);
  equal(wire.live.state.nation, { n: 6 });
  equal(wire.live.status().transport, "stream");
  wire.sockets.at(-1).onclose();
  equal(wire.live.status().transport, "stream");
  wire.tick(16000);
  equal(wire.streams.length, 1);
  wire.sockets.at(-1).onopen();
  wire.say({ t: "hello", v: 1, epoch: "a", seq: 6 });
  equal(wire.sockets.at(-1).sent[0].from, 6);
  equal(wire.streams.at(-1).closed, true);
  equal(wire.live.status().transport, "socket");
  equal(wire.asked, []);
});

test("a broken stream resumes from the version it had, and a refused one gives way to polling", async () => {
  const wire = stage({ "/e/state": { epoch: "a", seq: 9, state: { nation: { n: 9 } } }, "/e": { feed: { state: "ok" } } }, true);
  wire.live.start();
  refuseSockets(wire);
  wire.say({ t: "hello", v: 1, epoch: "a", seq: 5 }, wire.streams[0]);
  wire.say({ t: "snap", seq: 5, state: { nation: { n: 5 } }, why: "start" }, wire.streams[0]);
  wire.streams[0].onerror();
  equal(wire.streams[0].closed, true);
  wire.tick(1100);
  equal(wire.streams[1].url, "/e/stream?topic=nation&epoch=a&from=5");
  wire.streams[1].onerror();
  await settle();
  equal(wire.live.status().transport, "poll");
  equal(wire.live.state.nation, { n: 9 });
  equal(wire.streams.length, 2);
});

test("a correction that is here only as an event is told and not folded in", () => {
  const wire = stage().begin();
  const told = [];
  wire.live.on("correction", ({ changes }) => told.push(...changes.map((change) => change.k)));
  const [mine, event] = [{ k: "nation", kind: "correction", d: { n: 3 }, src: "s" }, { k: "mesa/000001", kind: "correction", d: { n: 9 }, src: "s", topic: "corrections" }];
  const passed = { k: "nation", kind: "correction", d: { n: 2 }, src: "s", topic: "corrections" };
  wire.say({ t: "delta", seq: 11, prev: 10, changes: [passed, event, mine] });
  equal(wire.live.state, { nation: { n: 3 } });
  equal(wire.live.seq, 11);
  equal(wire.changes.at(-1).keys, ["nation"]);
  equal(told, ["nation", "mesa/000001", "nation"]);
  wire.say({ t: "delta", seq: 11, prev: 10, changes: [passed, event, mine] });
  equal(told.length, 3);
});

test("an event alone moves the version on, so that no gap opens", () => {
  const wire = stage().begin();
  wire.say({ t: "delta", seq: 11, prev: 10, changes: [{ k: "mesa/000001", kind: "correction", d: {}, src: "s", topic: "corrections" }] });
  wire.say(delta(12, 11, 4));
  equal(wire.asked, []);
  equal(wire.live.state, { nation: { n: 4 } });
});

test("a note of the feed stands until a heartbeat comes without it", () => {
  const wire = stage().begin();
  const feed = { state: "down", checked_at: null, changed_at: null };
  wire.say({ t: "hb", seq: 10, feed: { ...feed, note: "stopped", figures: { at: "2026-06-08T02:04:00Z" } } });
  equal(wire.live.status().feed.note, "stopped");
  equal(wire.live.status().feed.figures, { at: "2026-06-08T02:04:00Z" });
  wire.say({ t: "hb", seq: 10, feed: { ...feed, state: "ok" } });
  equal(wire.live.status().feed.note, null);
  equal(wire.live.status().feed.figures, {});
});

test("corrections found while filling a gap are told once", async () => {
  const correction = { ...delta(11, 10, 2), changes: [{ k: "nation", kind: "correction", d: { n: 2 }, src: "s" }] };
  const wire = stage({ "/e/changes": { v: 1, epoch: "a", seq: 12, deltas: [correction, delta(12, 11, 3)] } }).begin();
  const told = [];
  wire.live.on("correction", ({ changes }) => told.push(...changes));
  wire.say(delta(13, 12, 9));
  await settle();
  equal(told.length, 1);
  equal(wire.live.state.nation, { n: 9 });
});

const told = (wire) => {
  const keys = [];
  wire.live.on("correction", ({ changes }) => keys.push(...changes.map((change) => change.k)));
  return keys;
};
const corrected = (seq, prev, k) => ({ t: "delta", seq, prev, changes: [{ k, kind: "correction", d: { n: 0 }, src: "s" }] });

test("corrections that a state overtakes are asked for and told", async () => {
  const wire = stage({ "/e/changes": { v: 1, epoch: "a", seq: 20, deltas: [corrected(15, 10, "mesa/000001")] } });
  wire.live.follow(["nation", "corrections"]);
  wire.begin();
  const keys = told(wire);
  wire.say({ t: "snap", seq: 20, state: { nation: { n: 20 } }, why: "slow" });
  await settle();
  equal(wire.asked, ["/e/changes?epoch=a&from=10&topic=corrections"]);
  equal(keys, ["mesa/000001"]);
  wire.say({ t: "snap", seq: 20, state: { nation: { n: 20 } }, why: "slow" });
  await settle();
  equal(wire.asked.length, 1);
});

test("corrections are told while polling too", async () => {
  let seq = 5;
  const wire = stage({
    "/e/state": () => ({ epoch: "a", seq, state: { nation: { n: seq } } }),
    "/e/changes": () => ({ v: 1, epoch: "a", seq, deltas: [corrected(6, 5, "district/140101")] }),
    "/e": { feed: { state: "ok" } },
  });
  wire.live.follow(["nation", "corrections"]);
  const keys = told(wire);
  for (let refusal = 0; refusal < 2; refusal += 1) {
    wire.sockets.at(-1).onclose();
    wire.tick(3000);
  }
  await settle();
  equal(wire.live.status().transport, "poll");
  equal(keys, []);
  seq = 7;
  wire.tick(5000);
  await settle();
  equal(keys, ["district/140101"]);
  wire.tick(5000);
  await settle();
  equal(keys.length, 1);
});

test("what a connection says of an old history is nothing to a new one", async () => {
  const wire = stage({ "/e/changes": { reset: true }, "/e/state": { epoch: "b", seq: 3, state: { nation: { n: 33 } } } }).begin();
  wire.say(delta(14, 13, 14));
  await settle();
  equal([wire.live.seq, wire.live.state.nation], [3, { n: 33 }]);
  wire.say(delta(15, 14, 15));
  wire.say({ t: "hb", seq: 15, feed: { state: "ok" } });
  await settle();
  equal([wire.live.seq, wire.live.state.nation, wire.asked.length], [3, { n: 33 }, 2]);
  wire.say({ t: "hello", v: 1, epoch: "b", seq: 3 });
  wire.say(delta(4, 3, 34));
  equal(wire.live.state.nation, { n: 34 });
});

test("a sign of life shows what was lost last", async () => {
  const wire = stage({ "/e/changes": { v: 1, epoch: "a", seq: 12, deltas: [delta(12, 10, 12)] } }).begin();
  wire.say({ t: "hb", seq: 12, feed: { state: "ok" } });
  await settle();
  equal(wire.live.state.nation, { n: 12 });
  equal(wire.asked.length, 1);
});

test("a state that is no longer there gives way to the newest", async () => {
  const wire = stage({ "/e/state/18": { reset: true }, "/e/state": { epoch: "a", seq: 18, state: { nation: { n: 18 } } } }).begin();
  wire.say({ t: "fetch", url: "/e/state/18" });
  wire.say(delta(19, 18, 19));
  await settle();
  equal(wire.live.state.nation, { n: 19 });
});

test("following another topic forgets the old one and drops its late answers", async () => {
  const wire = stage({ "/e/state": { epoch: "a", seq: 50, state: { nation: { n: 50 } } } }).begin();
  wire.say({ t: "fetch", url: "/e/state/50" });
  wire.live.follow(["department/14"]);
  await settle();
  equal(wire.live.state, {});
  equal(wire.sockets[0].closed, true);
  wire.sockets[1].onopen();
  equal(wire.sockets[1].sent, [{ t: "sub", topics: ["department/14"] }]);
});

test("a large topic is read at once, and the connection goes on from there", async () => {
  const wire = stage({ "/e/state?topic=nation&topic=districts": { epoch: "a", seq: 50, state: { "district/140101": { n: 7 } } } }).begin();
  wire.live.follow(["nation", "districts"], true);
  equal([wire.sockets.length, wire.sockets[0].closed], [1, true]);
  await settle();
  equal(wire.live.state, { "district/140101": { n: 7 } });
  wire.sockets[1].onopen();
  equal(wire.sockets[1].sent, [{ t: "sub", topics: ["nation", "districts"], epoch: "a", from: 50 }]);
});

test("a large topic that cannot be read is brought by the connection", async () => {
  const wire = stage().begin();
  wire.live.follow(["nation", "districts"], true);
  await settle();
  wire.sockets[1].onopen();
  equal(wire.sockets[1].sent, [{ t: "sub", topics: ["nation", "districts"] }]);
});

test("who goes on while a large topic is read is told of the newest alone, on one connection", async () => {
  const wire = stage({ "/e/state": { epoch: "a", seq: 50, state: { nation: { n: 50 } } } }).begin();
  wire.live.follow(["nation", "districts"], true);
  wire.live.follow(["nation"]);
  await settle();
  wire.tick(30000);
  equal(wire.live.state, {});
  equal(wire.sockets.filter((socket) => !socket.closed && socket.onopen).length, 1);
});

test("unknown messages and unknown fields are ignored", () => {
  const wire = stage().begin();
  wire.say({ t: "novelty", x: 1 });
  wire.say({ ...delta(11, 10, 2), extra: true });
  equal(wire.live.state.nation, { n: 2 });
});

test("canonical text has sorted keys and no spaces", () => {
  equal(canonical({ b: [1, { d: null, c: "ñ" }], a: 2 }), '{"a":2,"b":[1,{"c":"ñ","d":null}]}');
});

test("a page of some contests whose sockets are refused asks for their rows alone", async () => {
  const down = { state: "down", note: "ended", figures: {} };
  const wire = stage({ "/e/contests": { epoch: "a", version: 3, counts: { open: 9 }, rows: [{ id: "puno" }] }, "/e": { feed: down } });
  const table = createTable({ base: "/e/contests", contests: ["cusco", "puno"], feed: { state: "ok" }, env: wire.env });
  table.start();
  for (let refusal = 0; refusal < 4; refusal += 1) {
    wire.sockets.at(-1).onclose();
    wire.tick(9000);
  }
  await settle();
  equal(wire.asked[0], "/e/contests?contest=cusco&contest=puno");
  equal([table.state, table.status().counts], [{ puno: { id: "puno" } }, { open: 9 }]);
  equal([wire.asked.includes("/e"), table.status().phase, table.status().feed.note], [true, "down", "ended"]);
});

test("a table whose rows stand still hears that nobody reads the source, and that somebody does again", () => {
  const wire = stage();
  const table = createTable({ base: "/e/contests", feed: { state: "ok", checked_at: "2026-06-08T02:04:00Z" }, env: wire.env });
  table.start();
  wire.sockets.at(-1).onopen();
  wire.say({ t: "hello", v: 1, epoch: "a", version: 1, hb: 10 });
  const times = { checked_at: "2026-06-08T02:03:00Z", changed_at: null };
  wire.say({ t: "hb", version: 1, feed: { ...times, state: "down", note: "ended" } });
  equal([table.status().phase, table.status().feed.note], ["down", "ended"]);
  equal(table.status().feed.checked_at, "2026-06-08T02:04:00Z");
  wire.say({ t: "hb", version: 1, feed: { ...times, state: "ok" } });
  equal([table.status().phase, table.status().feed.note], ["live", null]);
});
