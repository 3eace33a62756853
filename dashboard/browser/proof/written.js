/* How what is proved is written down: strict base64, hex, JSON in one form alone, packed bytes, and the source's own text. */

/* What does not hold. */
export class Wrong extends Error {}

/** @param {unknown} holds @param {string} sentence for whoever looks into the console @returns {asserts holds} */
export function demand(holds, sentence) {
  if (!holds) throw new Wrong(sentence);
}

export const bytesOf = (/** @type {string} */ text) => new TextEncoder().encode(text);

/** @param {string} text */
export function decode(text) {
  const data = atob(text);
  demand(btoa(data) === text, "its base64 is not written as it should be");
  return Uint8Array.from(data, (letter) => letter.charCodeAt(0));
}

/** @param {Uint8Array} data */
export const hex = (data) => Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** @param {Uint8Array[]} parts */
export async function sha256(...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", await new Blob(/** @type {BlobPart[]} */ (parts)).arrayBuffer()));
}

/** @param {Uint8Array} one @param {Uint8Array} other */
export const isSame = (one, other) => hex(one) === hex(other);

/**
 * As Python's json.dumps writes it with sorted keys and no spaces; whole numbers are all that a bundle has.
 * @param {any} value
 * @returns {string}
 */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") return `{${Object.keys(value).sort().map((name) => `${canonical(name)}:${canonical(value[name])}`).join(",")}}`;
  demand(typeof value !== "number" || Number.isSafeInteger(value), `${value} is no number of a bundle`);
  demand(typeof value !== "string" || !/\p{Surrogate}/u.test(value), "a text holds half a letter");
  return JSON.stringify(value);
}

/** @param {any} value @returns {number} */
const countFields = (value) =>
  (value === null || typeof value !== "object" ? 0 : Object.values(value).reduce((sum, one) => sum + countFields(one), Array.isArray(value) ? 0 : Object.keys(value).length));

/** JSON in which no field stands twice: a reader that takes the first would read something else. @param {string} text */
export function parseUnique(text) {
  const value = JSON.parse(text);
  const written = text.replace(/"(?:[^"\\]|\\.)*"/g, "").split(":").length - 1;
  demand(countFields(value) === written, "a field stands twice in the answer");
  return value;
}

/** @param {Uint8Array} data @param {number} most bytes that are taken */
export async function unpack(data, most) {
  const reader = new Blob([/** @type {BlobPart} */ (data)]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  const parts = [];
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    size += part.value.length;
    demand(size <= most, "the answer's bytes are too many");
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** The text of an answer: UTF-8, or what the source once served in its place. @param {Uint8Array} raw */
export function readText(raw) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(raw);
  } catch {
    return Array.from(raw, (byte) => String.fromCharCode(byte)).join("");
  }
}
