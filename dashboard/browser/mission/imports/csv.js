/* A spreadsheet's file: chosen or dropped, looked at by the server, what was read of it, and what is wrong by line and column. */
import { make } from "../../text/dom.js";
import { properName } from "../../text/spelling.js";
import { t } from "../../text/words.js";
import * as parts from "../parts.js";
import { button, field, input } from "../parts.js";

const SEPARATORS = { ",": "comma", ";": "semicolon", "\t": "tab" };
const LOSSY = "windows-1252";

function fault(each) {
  const near = each.near.map((one) => t("mission_csv.near", { near: properName(one.name) }));
  const text = t(`mission_csv_fault.${each.kind}`, { most: each.most, other: each.other });
  return [String(each.line), each.column || "", each.value || "", make("span", "", [text, ...near].join(" "))];
}

/* `n` lines are at fault; of very many the first are told. */
export function faults(found, n = found.faults.length) {
  if (!n) return [];
  const heads = [[t("mission_csv.line"), "number"], ...["column", "value", "fault"].map((name) => [t(`mission_csv.${name}`), "text"])];
  const title = t("mission_csv.faults", { n });
  return [make("h3", "", title), make("p", "soft", t("mission_csv.faults_about")), parts.table(title, heads, found.faults.map(fault))];
}

export const notes = (found, file) => [
  make("p", "soft", t("mission_csv.read", { file: file.name, encoding: found.encoding, separator: t(`mission_csv.${SEPARATORS[found.separator]}`) })),
  ...(found.encoding === LOSSY ? [make("p", "note amber", t("mission_csv.windows"))] : []),
  ...(found.ignored.length ? [make("p", "note amber", t("mission_csv.ignored", { columns: found.ignored.join(", ") }))] : []),
];

/* Saves a file to begin with, with a byte-order mark, by which a spreadsheet knows its letters. */
export function example(name, lines) {
  return button(t("mission_csv.sample"), () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([`\ufeff${lines.join("\r\n")}\r\n`], { type: "text/csv" }));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  });
}

export const patiently = (slot, step) => parts.patiently(slot, step, t("mission_csv.working"), { isAbove: true });

/** Where a file is chosen or dropped: `look(file, bytes)` says what is in it; what it throws is told in `slot`. */
export function chooser(name, slot, look) {
  const fail = (error) => slot.replaceChildren(parts.failure(error));
  const control = input(name, { type: "file", accept: ".csv,.tsv,.txt,text/csv" });
  const take = async (file) => {
    if (!file) return;
    slot.replaceChildren();
    await look(file, await file.arrayBuffer());
  };
  control.addEventListener("change", () => take(control.files[0]).catch(fail));
  const zone = make("div", "dropzone stack", field(t("mission_csv.file"), control), make("p", "soft", t("mission_csv.drop")));
  zone.addEventListener("dragover", (event) => event.preventDefault());
  zone.addEventListener("drop", (event) => { event.preventDefault(); take(event.dataTransfer.files[0]).catch(fail); });
  return { zone, fail, clear: () => { control.value = ""; } };
}
