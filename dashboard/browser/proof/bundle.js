/* A bundle, checked step by step as prove.py does: docs/archive.md says what it holds. */
import { checkSum, racesOf, readBytes, readFigures } from "./answer.js";
import { readHead, sealed } from "./tree.js";
import { bytesOf, canonical, demand, hex, sha256 } from "./written.js";

const FORMAT = 1;
const FIELDS = ["figures", "head", "key", "left_out", "mark", "proof", "public_key", "sha256", "sources", "sum"];

/**
 * @typedef {{ step: string, held: boolean | null, values: Record<string, any> }} Step `held` null: it cannot be told here
 * @typedef {{ steps: Step[], bundle: any }} Verdict
 * @typedef {(name: string, look: () => Promise<Record<string, any>>) => Promise<void>} Take takes a step: what it returns is told
 */

/* Whether this browser can do all but the signature: WebCrypto is there on HTTPS and on this machine alone. */
export const isAble = () => Boolean(globalThis.crypto?.subtle && globalThis.DecompressionStream);

/**
 * Checks a bundle, of that key where one is named; each step is told when it is done, and the first that does not hold is the last.
 * @param {Uint8Array} text @param {string | null} [key] @param {(step: Step) => void} [tell]
 * @returns {Promise<Verdict>}
 */
export async function check(text, key = null, tell = () => {}) {
  const told = { bundle: null, steps: /** @type {Step[]} */ ([]) };
  let step = "whole";
  /** @param {boolean | null} held @param {Record<string, any>} values */
  const done = (held, values) => { told.steps.push({ step, held, values }); tell({ step, held, values }); };
  /** @type {Take} */
  const take = async (name, look) => {
    step = name;
    const { held = true, ...values } = await look();
    demand(held !== false, "it does not hold");
    done(held, values);
  };
  try {
    await take("whole", async () => {
      told.bundle = await read(text, key);
      return { size: text.length };
    });
    await checkAll(told.bundle, take);
  } catch (error) {
    console.warn(`${step}: ${error}`);
    done(false, {});
  }
  return told;
}

/** @param {any} bundle @param {Take} take */
async function checkAll(bundle, take) {
  /** @type {import("./answer.js").Source[]} */
  const sources = bundle.sources;
  const head = await readHeadBy(take, bundle);
  /** @type {import("./answer.js").Logged[]} */
  let logged = [];
  await take("line", async () => {
    const { mark } = await sealed(bundle.mark, head);
    logged = await Promise.all(sources.map((source) => sealed(source, head)));
    return { election: mark.election, contest: mark.contest };
  });
  /** @type {Uint8Array[]} */
  const bodies = [];
  for (const [index, source] of sources.entries()) {
    await take("bytes", async () => {
      bodies.push(await readBytes(source, logged[index]));
      return { size: bodies[index].length, url: logged[index].url, at: logged[index].at };
    });
  }
  await take(sources.length ? "figures" : "unstated", async () => {
    const seen = Object.assign({}, ...sources.map((source, index) => readFigures(bundle.key, source, logged[index], bodies[index])));
    demand(canonical(seen) === canonical(bundle.figures), "the answers say something else");
    demand(new Set(sources.flatMap((source, index) => racesOf(source, logged[index]))).size < 2, "they are about several races");
    demand(bundle.left_out.every((/** @type {string} */ name) => !Object.hasOwn(bundle.figures, name)), "it leaves out what it has");
    return { n: Object.keys(seen).length };
  });
  if (bundle.sum !== null) {
    await take("sum", async () => {
      checkSum(bundle.sum);
      return { n: bundle.sum.parts.length };
    });
  }
}

/** @param {Take} take @param {any} bundle */
async function readHeadBy(take, bundle) {
  let head = /** @type {any} */ (null);
  await take("head", async () => {
    head = await readHead(bundle.head, bundle.public_key);
    return { held: await head.isSigned(), lines: head.size, key: head.signer };
  });
  return head;
}

/** A bundle, if it is written as bundles are and its checksum is its own. @param {Uint8Array} text @param {string | null} key */
async function read(text, key) {
  const written = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(text);
  const bundle = JSON.parse(written);
  demand(canonical(Object.keys(bundle).sort()) === canonical(FIELDS), "it is no bundle that this program knows");
  demand(bundle.proof === FORMAT, `it is written in format ${bundle.proof}, this program knows ${FORMAT}`);
  demand(`${canonical(bundle)}\n` === written, "it is not written as a bundle is: it was altered");
  const { sha256: digest, ...rest } = bundle;
  demand(hex(await sha256(bytesOf(`${canonical(rest)}\n`))) === digest, "its checksum is another: it was altered");
  demand(key === null || bundle.key === key, `it is about ${bundle.key}`);
  return bundle;
}
