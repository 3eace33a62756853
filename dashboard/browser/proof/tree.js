/* Whether a line of the archive's log lies below a root (RFC 6962), and whether that root is signed. */
import { bytesOf, decode, demand, hex, isSame, sha256 } from "./written.js";

const MOST_LINES = 2 ** 31; // below it, shifts of bits are exact

/**
 * @typedef {{ line: string, index: number, path: string[] }} Leaf
 * @typedef {{ size: number, root: Uint8Array, signer: string, isSigned: () => Promise<boolean | null> }} Head
 */

/** The log line of a leaf, if its path leads to the root. @param {Leaf} leaf @param {Head} head @returns {Promise<any>} */
export async function sealed({ line, index, path }, { size, root }) {
  demand(Number.isInteger(index) && index >= 0 && index < size, `there is no log line ${index} under a head of ${size}`);
  let [node, last, digest] = [index, size - 1, await sha256(Uint8Array.of(0), bytesOf(line))];
  for (const step of path.map(decode)) {
    demand(last > 0 && step.length === 32, `the path of log line ${index + 1} leads nowhere`);
    if (node & 1 || node === last) {
      digest = await sha256(Uint8Array.of(1), step, digest);
      while (node && !(node & 1)) [node, last] = [node >> 1, last >> 1];
    } else {
      digest = await sha256(Uint8Array.of(1), digest, step);
    }
    [node, last] = [node >> 1, last >> 1];
  }
  demand(last === 0 && isSame(digest, root), `log line ${index + 1} is not under the head of ${size} lines`);
  return JSON.parse(line);
}

/** A signed note, and the key that it names. @param {string} note @param {string} key @returns {Promise<Head>} */
export async function readHead(note, key) {
  const end = note.lastIndexOf("\n\n");
  demand(end > 0, "the head is no signed note");
  const text = note.slice(0, end);
  const [, size, root] = text.split("\n");
  const [name, number, ...rest] = key.split("+");
  const own = decode(rest.join("+"));
  const mark = hex(await sha256(bytesOf(`${name}\n`), own)).slice(0, 8);
  demand(number === mark && own[0] === 1, `the public key ${key} is damaged`);
  const [line] = note.slice(end + 2).replace(/\n$/, "").split("\n");
  demand(note === `${text}\n\n${line}\n`, "the head has more than one signature");
  const [dash, signer, signature] = line.split(" ");
  const raw = decode(signature);
  demand(dash === "—" && signer === name && hex(raw.slice(0, 4)) === number, `the head is not signed by ${name}`);
  demand(line.split(" ").length === 3 && /^\d+$/.test(size) && Number(size) < MOST_LINES, `the head has no size: ${size}`);
  const isSigned = () => verify(own.slice(1), bytesOf(`${text}\n`), raw.slice(4));
  return { size: Number(size), root: decode(root), signer: key, isSigned };
}

/** Whether an Ed25519 signature is right; null where this browser does not know that kind of signature.
 *  @param {Uint8Array} key @param {Uint8Array} text @param {Uint8Array} signature */
async function verify(key, text, signature) {
  const [rawKey, rawText, rawSignature] = /** @type {BufferSource[]} */ ([key, text, signature]);
  let known;
  try {
    known = await crypto.subtle.importKey("raw", rawKey, "Ed25519", false, ["verify"]);
  } catch (error) {
    if (error instanceof Error && error.name === "DataError") return false; // a key that is none
    return null;
  }
  return crypto.subtle.verify("Ed25519", known, rawSignature, rawText);
}
