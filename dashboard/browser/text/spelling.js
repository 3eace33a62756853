/* Names that the source writes in capitals, as people write them. The rules are those of texts/spelling.py, the words come with
   the settings; a test holds both to the same cases. */
import { config } from "./config.js";

const WORD = /\p{L}+(?:['’]\p{L}+)?/gu;
const ROMAN = /^[ivx]{2,}$/;
const WHOLE = /^\p{L}{2,}$/u;
const BEHIND = /([\p{L}\p{N}_]+)[^\p{L}\p{N}_\s]? $/u;

/** @param {string} word @param {string} before */
function spelled(word, before) {
  const { joining, articles, acronyms } = config.spelling;
  if (acronyms.includes(word) || ROMAN.test(word)) return word.toUpperCase();
  const behind = BEHIND.exec(before)?.[1];
  const isPlain = behind && WHOLE.test(behind) && !acronyms.includes(behind); // no number, initial or acronym
  if (behind && (joining.includes(word) || (articles.includes(word) && isPlain))) return word;
  const start = ["'", "’"].includes(word[1]) ? 3 : 1; // O'Higgins, D'Angelo; not Niño's
  return word.slice(0, start).toUpperCase() + word.slice(start);
}

/** @param {string} name */
export function properName(name) {
  if (name !== name.toUpperCase()) return name;
  return name.replace(WORD, (found, at) => spelled(found.toLowerCase(), name.slice(0, at).toLowerCase()));
}
