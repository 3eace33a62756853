/* The bar: the pages that a role has, by what they are about. One line; a group of which somebody has one page is that page. */
import { make } from "../../text/dom.js";
import { ROLES } from "../../text/vocabulary.js";
import { t } from "../../text/words.js";
import { badge } from "../messages/unread.js";
import * as parts from "../parts.js";
import { button, link } from "../parts.js";
import * as session from "../session.js";
import * as words from "../words.js";

const [OBSERVER, VERIFIER, COORDINATOR, ADMIN] = ROLES;
/* The groups as they stand, each with its pages and the least role that has one. */
const PAGES = {
  today: [["desk", OBSERVER]],
  forms: [["fill", OBSERVER], ["responses", VERIFIER], ["findings", VERIFIER], ["forms", VERIFIER]],
  incidents: [["report", OBSERVER], ["incidents", VERIFIER], ["summary", COORDINATOR], ["public", COORDINATOR]],
  count: [["flags", VERIFIER], ["stake", VERIFIER], ["acta-audits", VERIFIER], ["quick-count", VERIFIER], ["map-changes", VERIFIER]],
  team: [["messages", OBSERVER], ["guides", OBSERVER], ["coverage", VERIFIER], ["people", COORDINATOR], ["accounts", ADMIN]],
};
const pathOf = (name) => (name === "desk" ? "/mission" : `/mission/${name}`);

function page(name, standing) {
  const element = link(t(`mission_title.${name}`), pathOf(name));
  if (name === "messages") badge(element);
  return name === standing ? parts.set(element, { "aria-current": "page" }) : element;
}

const fold = (opened) => { if (opened) opened.open = false; };

/* Several pages under one word, opened by a press; the group that the page belongs to is marked. */
function group(name, pages, standing) {
  const word = parts.set(make("summary", "", t(`mission_group.${name}`)), { "aria-current": pages.includes(standing) ? "true" : null });
  if (pages.includes("messages")) badge(word); // what is folded away is not missed
  const element = make("details", "", word, make("ul", "card", ...pages.map((each) => make("li", "", page(each, standing)))));
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    fold(element);
    word.focus();
  });
  return element;
}

/* One group is open at a time, and none once the reader goes elsewhere. */
function foldOthers(nav, event) {
  const within = event.target.closest?.("details");
  for (const each of nav.querySelectorAll("details[open]")) if (each !== within) fold(each);
}

export function bar(member, standing) {
  const items = Object.entries(PAGES).flatMap(([name, pages]) => {
    const own = pages.filter(([, role]) => session.isAtLeast(member, role)).map(([each]) => each);
    return own.length ? [make("li", "", own.length > 1 ? group(name, own, standing) : page(own[0], standing))] : [];
  });
  const nav = parts.set(make("nav", "menu", make("ul", "", ...items)), { "aria-label": t("mission.pages") });
  for (const event of ["click", "focusin"]) document.addEventListener(event, (heard) => foldOthers(nav, heard));
  const who = [member.pseudonym || member.name, words.roleWord(member.role)].filter(Boolean).join(" · ");
  return make("div", "bar", nav, make("p", "who-am-i", make("span", "soft", who), button(t("mission_sign.leave"), session.leave)));
}
