/* Importing the roster: a file is looked at by the server, its faults are told by line and column, and then it is entered. */
import { make } from "../../text/dom.js";
import { t } from "../../text/words.js";
import * as api from "../api.js";
import * as parts from "../parts.js";
import { button, field, input } from "../parts.js";
import { properName } from "../../text/spelling.js";
import { ROLES } from "../../text/vocabulary.js";
import * as words from "../words.js";

const MOST_LINES = 50; // of what each line would do
const SLOW_MS = 2000; // whatever takes longer shows that it goes on
const SEPARATORS = { ",": "comma", ";": "semicolon", "\t": "tab" };
const LOSSY = "windows-1252";
/* With a byte-order mark, by which a spreadsheet knows its letters. */
const exampleText = () => `\ufeff${t("mission_roster.example_heads")}\r\n${t("mission_roster.example_line")}\r\n`;

/* --- what the server says of a file --- */

function fault(each) {
  const near = each.near.map((one) => t("mission_roster.near", { near: properName(one.name) }));
  const text = t(`mission_roster_fault.${each.kind}`, { most: each.most, other: each.other });
  return [String(each.line), each.column || "", each.value || "", make("span", "", [text, ...near].join(" "))];
}

function faults(found) {
  if (!found.faults.length) return [];
  const heads = [[t("mission_roster.line"), "number"], ...["column", "value", "fault"].map((name) => [t(`mission_roster.${name}`), "text"])];
  const title = t("mission_roster.faults", { n: found.faults.length });
  return [make("h3", "", title), make("p", "soft", t("mission_roster.faults_about")), parts.table(title, heads, found.faults.map(fault))];
}

function effect(person) {
  const where = [person.role === ROLES[0] ? "" : words.roleWord(person.role), person.team, person.place && properName(person.place)].filter(Boolean).join(" · ");
  const changes = person.standing === "new" ? where : person.changes.map((name) => t(`mission_roster_field.${name}`)).join(", ");
  return [String(person.line), person.name || person.pseudonym || "", t(`mission_roster_standing.${person.standing}`), changes];
}

function effects(found) {
  const shown = found.people.filter((person) => person.standing !== "unchanged").slice(0, MOST_LINES);
  if (!shown.length) return [];
  const heads = [[t("mission_roster.line"), "number"], [t("mission_people.who"), "text"], [t("mission_roster.standing"), "text"], [t("mission_roster.changes"), "text"]];
  const title = t("mission_roster.people");
  return [make("details", "ask", make("summary", "", title), parts.table(title, heads, shown.map(effect)))];
}

function notes(found, file) {
  const { numbers } = found;
  const hasPhones = Boolean(found.columns.phone);
  return [
    make("p", "soft", t("mission_roster.read", { file: file.name, encoding: found.encoding, separator: t(`mission_roster.${SEPARATORS[found.separator]}`) })),
    ...(found.encoding === LOSSY ? [make("p", "note amber", t("mission_roster.windows"))] : []),
    ...(found.ignored.length ? [make("p", "note amber", t("mission_roster.ignored", { columns: found.ignored.join(", ") }))] : []),
    ...(hasPhones && !found.knows_senders ? [make("p", "note amber", t("mission_roster.no_senders"))] : []),
    make("p", "lead-sentence", t("mission_roster.numbers", numbers)),
    ...(numbers.absent ? [make("p", "soft", t("mission_roster.absent", { n: numbers.absent }))] : []),
  ];
}

/* --- choosing a file --- */

function example() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([exampleText()], { type: "text/csv" }));
  link.download = "padron-ejemplo.csv";
  link.click();
  URL.revokeObjectURL(link.href);
}

/* Shows that something goes on, once it takes long. */
async function patiently(slot, step) {
  const timer = setTimeout(() => slot.replaceChildren(make("label", "stack", t("mission_roster.working"), make("progress"))), SLOW_MS);
  try {
    return await step;
  } finally {
    clearTimeout(timer);
  }
}

/** The card that imports: `page.again(text)` shows everybody anew, `page.narrow(state)` chooses those of a state. */
export function importer(page) {
  const slot = parts.set(make("div", "stack"), { role: "status" });
  const fail = (error) => slot.replaceChildren(parts.failure(error));
  const chooser = input("roster", { type: "file", accept: ".csv,.tsv,.txt,text/csv" });

  async function enter(bytes, digest, isPartial) {
    const made = await patiently(slot, api.sendTable("roster", bytes, { digest, ...(isPartial ? { without_faulty: true } : {}) }));
    chooser.value = "";
    await page.again(t("mission_roster.entered", made));
    slot.replaceChildren(make("div", "row", button(t("mission_roster.to_cards"), () => page.narrow("new"), "primary")));
  }

  async function look(file) {
    slot.replaceChildren();
    const bytes = await file.arrayBuffer();
    const found = await patiently(slot, api.sendTable("roster/preview", bytes));
    const { numbers } = found;
    const n = numbers.new + numbers.changed;
    const press = (word, isPartial) => button(word, () => enter(bytes, found.digest, isPartial).catch(fail), "primary");
    const rest = n && numbers.faulty ? [press(t("mission_roster.enter_rest", { n, faulty: numbers.faulty }), true)] : [];
    const all = n && !numbers.faulty ? [press(t("mission_roster.enter", { n }), false)] : [];
    slot.replaceChildren(...notes(found, file), ...faults(found), ...effects(found),
      make("div", "row", ...all, ...rest), ...(n || numbers.faulty ? [] : [parts.empty(t("mission_roster.nothing"))]));
  }

  const take = (file) => { if (file) look(file).catch(fail); };
  chooser.addEventListener("change", () => take(chooser.files[0]));
  const zone = make("div", "dropzone stack", field(t("mission_roster.file"), chooser), make("p", "soft", t("mission_roster.drop")));
  zone.addEventListener("dragover", (event) => event.preventDefault());
  zone.addEventListener("drop", (event) => { event.preventDefault(); take(event.dataTransfer.files[0]); });
  const about = ["about", "columns", "roles"].map((name) => make("p", "soft", t(`mission_roster.${name}`)));
  const fold = make("details", "card stack importer", make("summary", "", make("h2", "", t("mission_roster.heading"))), ...about,
    make("div", "row", button(t("mission_roster.sample"), example)), zone, slot);
  fold.open = page.people.every((person) => person.role !== ROLES[0]);
  return fold;
}
