/* What a copy of the count is missing, read over HTTP: the changes that fill a gap, a whole state, corrections a state overtook. */

/* `hear` is told of "change" (keys, reason), "correction" (changes, seq) and "failure"; `get(path)` is null for an answer
   that nobody waits for any more. */
/** @param {{replica: import("./protocol.js").Replica, witness: import("./protocol.js").Witness, topics: () => string[], base: string, get: (url: string) => Promise<import("./protocol.js").Body | null>, hear: import("./protocol.js").Hearing}} tools */
export function createMender({ replica, witness, topics, base, get, hear }) {
  /** @type {import("./protocol.js").Delta[] | null} */
  let waiting = null; // deltas kept back while something is read
  let telling = false;

  /** @param {string[]} names @param {Record<string, unknown>} [more] */
  const query = (names, more = {}) => [...names.map((topic) => ["topic", topic]), ...Object.entries(more)]
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join("&");
  /** @param {number} from @param {string[]} names */
  const changes = (from, names) => get(`${base}/changes?epoch=${replica.epoch}&from=${from}&${query(names)}`);
  /** @param {import("./protocol.js").Body | null} body @returns {body is import("./protocol.js").Body} */
  const isOurs = (body) => body !== null && !body.reset && body.epoch === replica.epoch;

  /** @param {import("./protocol.js").Delta} message @param {boolean} [fits] */
  function apply(message, fits) {
    const result = replica.delta(message, fits);
    if (result.corrections.length) hear.correction(result.corrections, message.seq);
    return result;
  }

  /** @param {import("./protocol.js").Delta} message */
  function delta(message) {
    if (waiting) { waiting.push(message); return; }
    const result = apply(message);
    if (result.outcome === "gap") fill([message]);
    else hear.change(result.keys, "delta");
  }

  /** @param {import("./protocol.js").Snapshot} message @param {string} reason */
  function snap(message, reason) {
    waiting = null;
    take(message, reason);
  }

  /**
   * A sign of life names the last version we must have heard of, and now and then the hash of what we must have.
   * @param {import("./protocol.js").Heartbeat} message
   */
  async function heartbeat(message) {
    if (waiting) return;
    if (message.seq > replica.seq) fill([]);
    else if (replica.told < replica.seq) tellMissed();
    else if (message.hash && (await witness.differs(message)) && !waiting) refresh("hash");
  }

  /** @param {import("./protocol.js").Snapshot} message @param {string} reason */
  function take(message, reason) {
    if (waiting && message.epoch && message.epoch !== replica.epoch) waiting = [];
    const keys = replica.snap(message);
    hear.change(keys, reason);
    if (message.hash) witness.trust(message.hash);
    if (replica.told < replica.seq) tellMissed();
  }

  /* A state says nothing of the corrections it overtakes. */
  async function tellMissed() {
    if (!topics().includes("corrections")) { replica.told = replica.seq; return; }
    if (telling) return;
    telling = true;
    try {
      for (let before = -1; before < replica.told && replica.told < replica.seq;) {
        before = replica.told;
        const body = await changes(before, ["corrections"]);
        if (!isOurs(body)) break;
        body.deltas.forEach((one) => { const { corrections } = replica.tell(one); if (corrections.length) hear.correction(corrections, one.seq); });
        replica.told = Math.max(replica.told, body.seq);
      }
    } catch {
      // asked again at the next state or sign of life
    } finally {
      telling = false;
    }
  }

  /**
   * Ask for everything again; deltas that arrive meanwhile wait and are applied after.
   * @param {string} reason @param {string} [url] @returns {Promise<void>}
   */
  async function refresh(reason, url) {
    waiting = waiting || [];
    try {
      const body = await get(url || `${base}/state?${query(topics())}`);
      if (body?.reset && url) { await refresh(reason); return; }
      if (body) take(body, reason);
    } catch {
      fail();
      return;
    }
    release((one) => Boolean(url) || one.prev <= replica.seq);
  }

  /** @param {import("./protocol.js").Delta[]} held */
  async function fill(held) {
    waiting = held;
    const from = replica.seq;
    try {
      const body = from < 0 ? null : await changes(from, topics());
      if (!isOurs(body)) { await refresh("gap"); return; }
      const keys = body.deltas.flatMap((one) => apply(one, true).keys);
      replica.reach(from, body.seq);
      hear.change(keys, "resume");
      if (replica.seq === from) { await refresh("gap"); return; }
    } catch {
      fail();
      return;
    }
    release(() => true);
  }

  /**
   * What does not fit the newest state shows at the next message: whoever gave it may be behind.
   * @param {(one: import("./protocol.js").Delta) => boolean} fits
   */
  function release(fits) {
    const kept = waiting || [];
    waiting = null;
    kept.filter(fits).forEach(delta);
  }

  function fail() {
    waiting = null;
    hear.failure();
  }

  return { delta, snap, heartbeat, take, refresh, query, forget() { waiting = null; } };
}
