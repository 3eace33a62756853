/* Assigning those that are chosen: all to one place, each to a place of a quick count's sample, or to none. */
import { config } from "../../text/config.js";
import { codeOf } from "../../text/keys.js";
import { make } from "../../text/dom.js";
import { properName } from "../../text/spelling.js";
import { t } from "../../text/words.js";
import * as api from "../api.js";
import * as area from "../area.js";
import * as parts from "../parts.js";
import { button, field, form, select } from "../parts.js";


async function assign(orders, page) {
  await api.post("postings", { postings: orders });
  await page.again(t("mission_assigning.done", { n: orders.length }));
}

function toOnePlace(chosen, page) {
  const where = area.finder("assign-query", t("mission_assigning.where"), area.levels(), { hint: t("mission_posting.key_hint") });
  return form([where.element], t("mission_assigning.send", { n: chosen.length }), async () => {
    const place = where.read();
    if (place) await assign(chosen.map(({ pseudonym }) => ({ observer: pseudonym, key: place.key })), page);
  });
}

function toNowhere(chosen, page) {
  return button(t("mission_assigning.clear"), () => {
    if (!window.confirm(t("mission_assigning.sure", { n: chosen.length }))) return;
    assign(chosen.map(({ pseudonym }) => ({ observer: pseudonym, key: null })), page).catch(page.fail);
  });
}

/* --- over a sample --- */

function proposal(found, people, page) {
  const names = new Map(people.map((person) => [person.pseudonym, person.name || person.pseudonym]));
  const heads = ["who", "from", "to"].map((name) => [t(name === "who" ? "mission_people.who" : `mission_assigning.${name}`), "text"]);
  const rows = found.orders.map((each) => [names.get(each.observer), each.was ? properName(each.was) : "", properName(each.name || codeOf(each.key))]);
  const uncovered = found.uncovered.slice(0, config.shown.uncovered).map(properName).join(" · ");
  const told = t("mission_assigning.proposed", { n: found.orders.length, uncovered: found.uncovered.length, idle: found.idle });
  const orders = found.orders.map(({ observer, key }) => ({ observer, key }));
  return [make("p", "", make("b", "", told)), ...(uncovered ? [make("p", "soft", `${t("mission_assigning.uncovered")}: ${uncovered}`)] : []),
    ...(rows.length ? [parts.records(t("mission_assigning.by_sample"), heads, rows),
      button(t("mission_assigning.apply", { n: rows.length }), () => assign(orders, page).catch(page.fail), "primary")] : [])];
}

async function samples() {
  try {
    return (await api.get("quick-counts")).quick_counts;
  } catch (error) {
    if (error instanceof api.Refused && error.status === 404) return [];
    throw error;
  }
}

async function overSample(chosen, page, slot) {
  const found = await samples();
  if (!found.length) return;
  const which = select("quick-count", found.map((each) => [String(each.id), each.name]));
  const shown = parts.set(make("div", "stack"), { role: "status" });
  const propose = form([field(t("mission_assigning.sample"), which, t("mission_assigning.sample_about"))], t("mission_assigning.propose"), async () => {
    const { units } = await api.get(`quick-counts/${encodeURIComponent(which.value)}/units`);
    const body = { places: units.map(({ station }) => station).filter(Boolean), observers: chosen.map(({ pseudonym }) => pseudonym) };
    shown.replaceChildren(...proposal(await api.post("people/spread", body), chosen, page));
  });
  slot.replaceChildren(make("details", "ask", make("summary", "", t("mission_assigning.by_sample")), propose, shown));
}

/** What can be done about where they are. */
export function assigning(chosen, page) {
  const slot = make("div");
  overSample(chosen, page, slot).catch(page.fail);
  return make("div", "stack", make("h3", "", t("mission_assigning.heading")), toOnePlace(chosen, page), make("div", "row", toNowhere(chosen, page)), slot);
}
