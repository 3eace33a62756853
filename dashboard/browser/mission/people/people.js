/* The mission's people for who runs it: importing them, finding them, their cards, where they are assigned, who is suspended. */
import { config } from "../../text/config.js";
import { make } from "../../text/dom.js";
import { ROLES } from "../../text/vocabulary.js";
import { t } from "../../text/words.js";
import * as api from "../api.js";
import * as parts from "../parts.js";
import { button, card, field, input, link, select } from "../parts.js";
import { properName } from "../../text/spelling.js";
import * as session from "../session.js";
import * as words from "../words.js";
import { assigning } from "./assigning.js";
import { maker } from "./cards.js";
import { importer } from "./roster.js";

const STATES = ["new", "invited", "in", "password", "suspended"];
const NONE = "\u0000"; // no team: the name of none

/* Whether somebody can come in, and did. */
function stateOf(person) {
  if (person.is_suspended) return "suspended";
  if (person.role !== ROLES[0]) return "password";
  if (person.has_device) return "in";
  return person.is_invited ? "invited" : "new";
}

export const whoIs = (person) => person.name || person.pseudonym;

function numbers(people) {
  const of = (state) => people.filter((person) => stateOf(person) === state).length;
  const told = t("mission_people.numbers", { n: people.length, in: of("in"), password: of("password"), waiting: of("invited"), none: of("new"), posted: people.filter((person) => person.key).length });
  return [told, ...(of("suspended") ? [t("mission_people.suspended", { n: of("suspended") })] : [])].join(" ");
}

/* --- one line of the list --- */

function about(person) {
  const team = person.team ? [person.team, ...(person.is_lead ? [t("mission_people.lead")] : [])].join(", ") : "";
  const more = [person.name ? person.pseudonym : "", person.role === ROLES[0] ? "" : words.roleWord(person.role), team,
    person.tags.join(", "), person.has_phone ? "" : t("mission_people.no_phone")];
  return make("span", "who", make("b", "", whoIs(person)), make("small", "soft", more.filter(Boolean).join(" · ")));
}

async function suspend(person, again) {
  const path = `people/${encodeURIComponent(person.pseudonym)}/suspension`;
  const who = whoIs(person);
  if (person.is_suspended) {
    await api.remove(path);
    return again(t("mission_people.resumed_now", { who }));
  }
  const reason = window.prompt(t("mission_people.suspend_reason", { who }));
  if (!reason?.trim()) return null;
  await api.post(path, { reason: reason.trim() });
  return again(t("mission_people.suspended_now", { who }));
}

/* Observers are the coordinators' to suspend, everybody else an admin's; nobody suspends themselves. */
function actions(person, page) {
  const isAllowed = (person.role === ROLES[0] || session.isAtLeast(page.member, "admin")) && person.pseudonym !== page.member.pseudonym;
  if (!isAllowed) return "";
  const word = t(person.is_suspended ? "mission_people.resume" : "mission_people.suspend");
  const press = button(word, () => suspend(person, page.again).catch((error) => page.fail(error)));
  return parts.set(press, { "aria-label": `${word}: ${whoIs(person)}` });
}

function row(person, page) {
  const mark = parts.set(make("input"), { type: "checkbox", "aria-label": t("mission_people.choose_one", { who: whoIs(person) }) });
  mark.checked = page.chosen.has(person.pseudonym);
  mark.addEventListener("change", () => { page.tick(person, mark.checked); });
  const state = make("span", `person-state ${stateOf(person)}`, t(`mission_person_state.${stateOf(person)}`));
  return [make("label", "row", mark, about(person)), person.place ? properName(person.place) : "", state, person.last_seen ? parts.time(person.last_seen) : "", actions(person, page)];
}

/* --- the list --- */

function filters(page, show) {
  const every = [["", t("mission_people.all")]];
  const tags = [...new Set(page.people.flatMap((person) => person.tags))].sort();
  const roles = ROLES.filter((role) => page.people.some((person) => person.role === role));
  const wanted = {
    text: input("people-text", { type: "search" }),
    team: select("people-team", [...every, ...page.teams.map((team) => [team, team]), [NONE, t("mission_people.no_team")]]),
    tag: select("people-tag", [...every, ...tags.map((tag) => [tag, tag])]),
    role: select("people-role", [...every, ...roles.map((role) => [role, words.roleWord(role)])]),
    state: select("people-state", [...every, ...STATES.map((state) => [state, t(`mission_person_state.${state}`)])]),
  };
  for (const control of Object.values(wanted)) control.addEventListener("input", () => show());
  const labels = { text: "find", team: "team", tag: "tag", role: "role", state: "state" };
  const element = make("div", "filters", ...Object.entries(wanted).map(([name, control]) => field(t(`mission_people.${labels[name]}`), control)));
  return { element, wanted };
}

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function fits(person, wanted) {
  const { text, team, tag, role, state } = Object.fromEntries(Object.entries(wanted).map(([name, control]) => [name, control.value]));
  return plain(`${person.name || ""} ${person.pseudonym}`).includes(plain(text.trim()))
    && (!team || (person.team || NONE) === team) && (!tag || person.tags.includes(tag)) && (!role || person.role === role)
    && (!state || stateOf(person) === state);
}

function list(page) {
  const [choice, slot] = [make("div", "row choice"), make("div", "stack")];
  const { element, wanted } = filters(page, () => show());
  const fitting = () => page.people.filter((person) => fits(person, wanted));
  /* What was pressed is made anew: whoever uses the keyboard goes on from what takes its place. */
  const choose = (people, isChosen) => { page.choose(people, isChosen); choice.querySelector("a, button")?.focus(); };
  /* How many are chosen stays in sight, and is the way to what can be done with them. */
  page.recount = () => {
    const [found, n] = [fitting(), page.chosen.size];
    const way = parts.set(make("a", "button", t("mission_people.chosen", { n })), { href: "#chosen" });
    choice.classList.toggle("standing", n > 0);
    choice.replaceChildren(...(n ? [way, button(t("mission_people.choose_none"), () => choose(page.people, false))] : []),
      ...(found.length ? [button(t("mission_people.choose_shown", { n: found.length }), () => choose(found, true))] : []));
  };
  function show(most = config.shown.people) {
    const found = fitting();
    const shown = found.slice(0, most);
    const heads = ["who", "where", "state", "seen", "action"].map((name) => [t(`mission_people.${name}`), "text"]);
    const rest = found.length - shown.length;
    page.recount();
    slot.replaceChildren(
      shown.length ? parts.records(t("mission_people.heading"), heads, shown.map((person) => row(person, page))) : parts.empty(t("mission_people.none_fit")),
      ...(rest > 0 ? [button(t("mission_people.more", { n: rest }), () => show(Infinity))] : []));
  }
  page.repaint = () => show();
  show();
  /* Shows one state alone, all of them chosen. */
  page.narrow = (state) => {
    wanted.state.value = state;
    page.choose(fitting(), true);
  };
  return card(t("mission_people.heading"), element, choice, slot);
}

/* What can be done with those that are chosen; it stands beside the list only while somebody is. */
function tools(page) {
  const slot = parts.set(make("div", "stack"), { id: "chosen" });
  page.retool = () => {
    const chosen = page.people.filter((person) => page.chosen.has(person.pseudonym));
    if (!chosen.length) return slot.replaceChildren();
    const observers = chosen.filter((person) => person.role === ROLES[0]);
    return slot.replaceChildren(card(t("mission_people.chosen", { n: chosen.length }),
      ...(observers.length ? [maker(observers, page), assigning(observers, page)] : []),
      ...(observers.length === 1 ? [make("p", "", link(t("mission_messages.write_to"), `/mission/messages${api.query({ person: observers[0].pseudonym })}`, "button"))] : [])));
  };
  return slot;
}

export async function view(host, member) {
  const told = parts.set(make("div"), { role: "status" });
  const body = make("div", "stack");
  const page = { member, chosen: new Set(), people: [], teams: [], narrow: () => {}, repaint: () => {}, retool: () => {} };
  page.fail = (error) => told.replaceChildren(parts.failure(error));
  const mark = ({ pseudonym }, isChosen) => { if (isChosen) page.chosen.add(pseudonym); else page.chosen.delete(pseudonym); };
  page.choose = (people, isChosen) => {
    for (const person of people) mark(person, isChosen);
    page.repaint();
    page.retool();
  };
  /* One by its own box: the list stays as it is, and the box keeps the focus. */
  page.tick = (person, isChosen) => {
    mark(person, isChosen);
    page.recount();
    page.retool();
  };
  page.load = async () => {
    Object.assign(page, await api.get("people"));
    page.chosen.clear();
  };
  const paint = () => {
    const isAlone = page.people.every((person) => person.role !== ROLES[0]);
    body.replaceChildren(make("p", "lead-sentence", numbers(page.people)), ...(isAlone ? [parts.empty(t("mission_people.nobody"))] : []),
      make("p", "soft", t("mission_people.about")), list(page), page.toolbox);
    page.retool();
  };
  page.toolbox = tools(page);
  /* Everything anew, and what was done. */
  page.again = async (text) => {
    await page.load();
    paint();
    told.replaceChildren(make("p", "note good", text));
  };
  /* Something that is to be seen before all else. */
  page.front = (element) => host.prepend(element);
  await page.load();
  paint();
  host.replaceChildren(told, importer(page), body);
}
