/* Importing the roster: a file is looked at by the server, its faults are told by line and column, and then it is entered. */
import { config } from "../../text/config.js";
import { make } from "../../text/dom.js";
import { t } from "../../text/words.js";
import * as api from "../api.js";
import * as csv from "../imports/csv.js";
import * as parts from "../parts.js";
import { button } from "../parts.js";
import { properName } from "../../text/spelling.js";
import { ROLES } from "../../text/vocabulary.js";
import * as words from "../words.js";


/* --- what the server says of a file --- */

function effect(person) {
  const where = [person.role === ROLES[0] ? "" : words.roleWord(person.role), person.team, person.place && properName(person.place)].filter(Boolean).join(" · ");
  const changes = person.standing === "new" ? where : person.changes.map((name) => t(`mission_roster_field.${name}`)).join(", ");
  return [String(person.line), person.name || person.pseudonym || "", t(`mission_roster_standing.${person.standing}`), changes];
}

function effects(found) {
  const shown = found.people.filter((person) => person.standing !== "unchanged").slice(0, config.shown.roster_lines);
  if (!shown.length) return [];
  const heads = [[t("mission_csv.line"), "number"], [t("mission_people.who"), "text"], [t("mission_roster.standing"), "text"], [t("mission_roster.changes"), "text"]];
  const title = t("mission_roster.people");
  return [make("details", "ask", make("summary", "", title), parts.table(title, heads, shown.map(effect)))];
}

/* Who may be texted and be known by a text afterwards; said before it is entered, and of what was entered. */
function phones({ phones: after }, hasColumn) {
  const said = ["given", "taken"].filter((name) => after[name]).map((name) => make("p", "note amber", t(`mission_roster.phones_${name}`, { n: after[name] })));
  const rest = !hasColumn && after.missing ? [make("p", "soft", t("mission_roster.phones_kept"))] : [];
  return [make("p", "soft", t("mission_roster.phones", after)), ...rest, ...said];
}

function notes(found, file) {
  const { numbers } = found;
  const hasPhones = Boolean(found.columns.phone);
  return [
    ...csv.notes(found, file),
    ...(hasPhones && !found.knows_senders ? [make("p", "note amber", t("mission_roster.no_senders"))] : []),
    make("p", "lead-sentence", t("mission_roster.numbers", numbers)),
    ...(found.knows_senders ? phones(numbers, hasPhones) : []),
    ...(numbers.absent ? [make("p", "soft", t("mission_roster.absent", { n: numbers.absent }))] : []),
  ];
}

/* --- choosing a file --- */

/** The card that imports: `page.again(text)` shows everybody anew, `page.narrow(state)` chooses those of a state. */
export function importer(page) {
  const slot = parts.set(make("div", "stack"), { role: "status" });

  async function enter(bytes, { digest, knows_senders: hasTexts }, isPartial) {
    const made = await csv.patiently(slot, api.sendTable("roster", bytes, { digest, ...(isPartial ? { without_faulty: true } : {}) }));
    chosen.clear();
    await page.again([t("mission_roster.entered", made), hasTexts ? t("mission_roster.phones", made.phones) : ""].filter(Boolean).join(" "));
    slot.replaceChildren(make("div", "row", button(t("mission_roster.to_cards"), () => page.narrow("new"), "primary")));
  }

  const chosen = csv.chooser("roster", slot, async (file, bytes) => {
    const found = await csv.patiently(slot, api.sendTable("roster/preview", bytes));
    const { numbers } = found;
    const n = numbers.new + numbers.changed;
    const press = (word, isPartial) => button(word, () => enter(bytes, found, isPartial).catch(chosen.fail), "primary");
    const rest = n && numbers.faulty ? [press(t("mission_roster.enter_rest", { n, faulty: numbers.faulty }), true)] : [];
    const all = n && !numbers.faulty ? [press(t("mission_roster.enter", { n }), false)] : [];
    slot.replaceChildren(...notes(found, file), ...csv.faults(found), ...effects(found),
      make("div", "row", ...all, ...rest), ...(n || numbers.faulty ? [] : [parts.empty(t("mission_roster.nothing"))]));
  });
  const example = csv.example("padron-ejemplo.csv", [t("mission_roster.example_heads"), t("mission_roster.example_line")]);
  const about = ["about", "columns", "roles"].map((name) => make("p", "soft", t(`mission_roster.${name}`)));
  const fold = make("details", "card stack importer", make("summary", "", make("h2", "", t("mission_roster.heading"))), ...about,
    make("div", "row", example), chosen.zone, slot);
  fold.open = page.people.every((person) => person.role !== ROLES[0]);
  return fold;
}
