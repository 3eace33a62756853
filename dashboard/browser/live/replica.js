/* One subscription's copy of the count: absolute values by key, reduced from snapshots and deltas (rt/1, rules 1 and 2). */

/** Canonical JSON: sorted keys, no spaces; the text the server hashes. @param {any} value @returns {string} */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const pairs = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${pairs.join(",")}}`;
}

/**
 * SHA-256 of the canonical state as "sha256:…"-less hex, or null where the browser offers no digest.
 * @param {import("./protocol.js").State} state
 */
export async function digest(state) {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) return null;
  const bytes = await subtle.digest("SHA-256", new TextEncoder().encode(canonical(state)));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function createReplica() {
  return {
    /** @type {string | null} */
    epoch: null,
    seq: -1,
    /** When the last delta was published; of a whole state nobody says it of the parts. @type {string | null} */
    movedAt: null,
    told: -1, // up to where corrections were told; a snapshot may overtake them
    /** @type {import("./protocol.js").State} */
    state: {},

    reset() {
      this.epoch = null;
      this.told = -1;
      this.forget();
    },

    /* Nothing is known of the state, as for other topics; the history is still the same. */
    forget() {
      this.seq = -1;
      this.state = {};
    },

    /* Where to resume from; nothing before the first state. */
    position() {
      return this.seq >= 0 && this.epoch ? { epoch: this.epoch, from: this.seq } : {};
    },

    /** Take a whole state; returns the keys whose values differ from before. @param {import("./protocol.js").Snapshot} message */
    snap(message) {
      const keys = new Set([...Object.keys(this.state), ...Object.keys(message.state)]);
      const changed = [...keys].filter((key) => canonical(this.state[key] ?? null) !== canonical(message.state[key] ?? null));
      if (message.epoch && message.epoch !== this.epoch) {
        this.epoch = message.epoch;
        this.told = -1;
      }
      this.seq = message.seq;
      if (this.told < 0) this.told = this.seq;
      this.state = message.state;
      this.movedAt = null;
      return changed;
    },

    /* Apply one delta: "old" (already known), "gap" (something in between is missing) or the changed keys; `fits` where
       the server says so. A change marked "topic" is here as an event only: its key is not of this subscription's
       state, or has moved on. */
    /** @param {import("./protocol.js").Delta} message */
    delta(message, fits = false) {
      if (!fits && message.seq > this.seq && (this.seq < 0 || message.prev > this.seq)) return { outcome: "gap", keys: [], corrections: [] };
      const { corrections } = this.tell(message);
      if (message.seq <= this.seq) return { outcome: "old", keys: [], corrections };
      const own = message.changes.filter((change) => !change.topic);
      for (const change of own) {
        if (change.d === null) delete this.state[change.k];
        else this.state[change.k] = change.d;
      }
      this.seq = message.seq;
      this.movedAt = message.at;
      return { outcome: "applied", keys: own.map((change) => change.k), corrections };
    },

    /** The corrections of a delta that were not told yet. @param {import("./protocol.js").Delta} message */
    tell(message) {
      if (message.seq <= this.told) return { corrections: [] };
      if (message.prev <= this.told) this.told = message.seq;
      return { corrections: message.changes.filter((change) => change.kind === "correction") };
    },

    /** All there was between two versions was read. @param {number} from @param {number} seq */
    reach(from, seq) {
      if (from <= this.told) this.told = Math.max(this.told, seq);
      this.seq = Math.max(this.seq, seq);
    },
  };
}

/**
 * Compares the server's hashes with our own digest: only once that of a fresh snapshot was equal, and not for ever.
 * @param {import("./protocol.js").Replica} replica
 */
export function createWitness(replica) {
  let trusted = false;
  let misses = 0;
  return {
    /** @param {string} hash */
    async trust(hash) {
      const seq = replica.seq;
      const own = await digest(replica.state);
      if (seq === replica.seq) trusted = own !== null && hash.endsWith(own);
    },

    /** @param {{seq: number, hash?: string}} message */
    async differs(message) {
      if (!trusted || message.seq !== replica.seq) return false;
      const own = await digest(replica.state);
      if (message.seq !== replica.seq) return false;
      misses = own !== null && message.hash?.endsWith(own) ? 0 : misses + 1;
      if (misses < 2) return misses === 1;
      trusted = false;
      misses = 0;
      return false;
    },
  };
}
