/* A guide's tree as elements, and what is found in it. Nothing of it is read as HTML. */
import { href } from "../../text/addresses.js";
import { config } from "../../text/config.js";
import { make, set } from "../../text/dom.js";

const AROUND = 60; // characters of a finding on either side

export const pathOf = (name, values = {}) => `/mission/guides?${new URLSearchParams({ name, ...values })}`;

/* Of a guide that is not in this page's language, what there is. */
export function side(guide) {
  const language = [document.documentElement.lang, config.default_language, ...Object.keys(guide.documents)].find((each) => guide.documents[each]);
  return { language, ...guide.documents[language] };
}

/* Without accents and capitals: nobody types them on a phone. Each letter stays one. */
const plain = (text) => [...text].map((letter) => (letter.length > 1 ? letter : letter.normalize("NFD")[0].toLowerCase()[0])).join("");

const textOf = (node) => (typeof node === "string" ? node : `${node.children.map(textOf).join("")}${node.tag === "li" || /^t[dh]$/.test(node.tag) ? " " : ""}`);

/* Every block that has the words, with the heading that it is below, and some of what is around them. */
export function find(guide, words) {
  const wanted = plain(words.trim());
  if (!wanted) return [];
  const found = [];
  let heading = "";
  for (const block of side(guide).blocks) {
    const text = textOf(block);
    if (/^h\d$/.test(block.tag)) heading = text;
    const at = plain(text).indexOf(wanted);
    if (at < 0) continue;
    const [begins, ends] = [Math.max(0, at - AROUND), at + wanted.length + AROUND];
    found.push({ heading, before: `${begins ? "…" : ""}${text.slice(begins, at)}`, words: text.slice(at, at + wanted.length),
      after: `${text.slice(at + wanted.length, ends)}${ends < text.length ? "…" : ""}` });
  }
  return found;
}

/* The words marked wherever they stand in a text. */
function marked(text, wanted) {
  const folded = plain(text);
  const parts = [];
  let from = 0;
  for (let at = folded.indexOf(wanted); wanted && at >= 0; at = folded.indexOf(wanted, from)) {
    parts.push(text.slice(from, at), make("mark", "", text.slice(at, at + wanted.length)));
    from = at + wanted.length;
  }
  return [...parts, text.slice(from)];
}

function build(node, wanted) {
  if (typeof node === "string") return marked(node, wanted);
  const element = make(node.tag, "", ...node.children.flatMap((child) => build(child, wanted)));
  if (node.guide) element.href = href(pathOf(node.guide));
  if (node.href) set(element, { href: node.href, rel: "noopener noreferrer" });
  if (node.tag === "th") element.scope = "col";
  if (/^t[dh]$/.test(node.tag)) element.className = "text";
  if (node.tag !== "table") return [element];
  element.className = "ruled";
  return [set(make("div", "scroller", element), { tabindex: 0, role: "region", "aria-label": textOf(node.children[0]).trim() })];
}

/** The document as an article. @param {any} guide @param {string} words those to mark */
export function article(guide, words) {
  const { language, blocks } = side(guide);
  const wanted = plain(words.trim());
  return set(make("article", "guide", ...blocks.flatMap((block) => build(block, wanted))), { lang: language });
}
