/* What rt/1 says (docs/live.md), and what its client asks of its surroundings. */

/** Absolute values by key. */
export type State = Record<string, any>;

/** One key's new values; null takes the key away. `topic`: an event only, the key is not of this subscription's state. */
export interface Change { k: string; d: any; kind?: string; topic?: boolean }

export interface Delta { seq: number; prev: number; at: string; changes: Change[] }

export interface Snapshot { seq: number; epoch?: string; state: State; hash?: string; why?: string; url?: string }

export interface Heartbeat { seq: number; hash?: string; now?: string; feed?: Partial<Feed>; answers?: Record<string, Answer> }

/** What the source says of a followed unit: when it was last read, and when it last said something new. */
export interface Answer { checked_at: string; changed_at: string }

/** `note` and its figures: where there is more to say than the state does. */
export interface Feed { state: string; checked_at?: string | null; changed_at?: string | null; note?: string | null; figures?: Record<string, any> }

/** What an answer over HTTP holds; `reset`: that history is gone. */
export interface Body extends Snapshot { reset?: boolean; deltas: Delta[]; feed: Feed }

export type Transport = "socket" | "stream" | "poll" | null;

export interface Status { phase: string | null; transport: Transport; feed: Feed | null; heardAt: number | null; skew: number; epoch: string | null; seq: number; answers?: Record<string, Answer>; movedAt?: string | null; counts?: Record<string, number> | null }

/** A socket or a stream of events. `greeted`: it has said hello; `retry`: when to come back, in ms. */
export interface Source {
  onopen?: ((event: any) => void) | null;
  onmessage: ((event: any) => void) | null;
  onclose?: ((event: any) => void) | null;
  onerror: ((event: any) => void) | null;
  send?: (text: string) => void;
  close: () => void;
  greeted?: boolean;
  retry?: number[];
}

export interface Env {
  open: (url: string, protocol: string) => Source;
  listen: ((url: string) => Source) | null;
  fetch: (url: string) => Promise<{ ok: boolean; status: number; json: () => Promise<any> }>;
  now: () => number;
  random: () => number;
  later: (task: () => void, ms: number) => any;
  cancel: (timer: any) => void;
  socketBase: string | undefined;
}

export interface Options { base: string; topics: string[]; feed?: Feed | null; env?: Partial<Env> }

/** What a client of the table of contests is given: `contests` only, those of `ballot`; the `version` that the page shows. */
export interface TableOptions { base: string; contests?: string[] | null; ballot?: string | null; epoch?: string | null; version?: number | null; feed?: Feed | null; env?: Partial<Env> }

export type Replica = ReturnType<typeof import("./replica.js").createReplica>;
export type Witness = ReturnType<typeof import("./replica.js").createWitness>;

export interface Hearing {
  change: (keys: string[], reason: string) => void;
  correction: (changes: Change[], seq: number) => void;
  failure: () => void;
}
