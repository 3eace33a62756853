/* The observer's form: works on a phone and without network; what is not sent yet is counted, and the outcome comes back here. */
import { make } from "../text/dom.js";
import { codeOf, isKey, keyOf, levelOf } from "../text/keys.js";
import { REPORT_LIMITS } from "../text/vocabulary.js";
import { t } from "../text/words.js";
import * as api from "./api.js";
import { say } from "./flagtext.js";
import * as lines from "./lines.js";
import * as parts from "./parts.js";
import { area, button, card, field, form, input, radios, select } from "./parts.js";
import * as photos from "./photos.js";
import * as queue from "./queue.js";
import * as where from "./where.js";
import * as words from "./words.js";

const AGAIN_MS = 30000;
const UNKEPT = { full: "mission_report.unkept_full", denied: "mission_report.unkept_denied" };
const POSITION = { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 };

/* "2026-06-07T08:15" of this device's clock, for a datetime-local field. */
function localNow() {
  const now = new Date();
  return new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

/* The device's position, when asked for; null where it is not given. */
function position(isWanted) {
  if (!isWanted || !navigator.geolocation) return Promise.resolve(null);
  return new Promise((resolve) => navigator.geolocation.getCurrentPosition(
    ({ coords }) => resolve({ lon: coords.longitude, lat: coords.latitude, accuracy: coords.accuracy }), () => resolve(null), POSITION));
}

/* A flag that leads here fills the form in with its evidence. */
async function prefilled() {
  const { flag, mesa, place } = parts.chosen();
  const known = mesa && isKey(keyOf("mesa", mesa)) ? { mesa } : place && isKey(keyOf("polling_place", place)) ? { polling_place: place } : null;
  if (!flag) return { flag: null, where: known, text: "" };
  try {
    const found = await api.get(`flags/${encodeURIComponent(flag)}`);
    const text = say(found);
    return { flag, where: levelOf(found.key || "") === "mesa" ? { mesa: codeOf(found.key) } : known, text };
  } catch (error) {
    if (!(error instanceof api.Refused)) throw error;
    return { flag, where: known, text: "" };
  }
}

function reportForm(sender, given) {
  const place = where.chooser(given.where);
  const pictures = photos.chooser();
  const text = area("text", { maxlength: REPORT_LIMITS.longest_text, required: true });
  text.value = given.text;
  const occurred = input("occurred", { type: "datetime-local", required: true, value: localNow(), max: localNow() });
  const share = parts.set(make("input"), { type: "checkbox", name: "position", value: "yes" });
  const told = parts.set(make("div"), { role: "alert" });
  const pieces = [
    field(t("mission_report.category"), select("category", [["", t("mission_report.choose")], ...words.categories()], given.flag ? "counting_or_acta" : "")),
    radios(t("mission_report.severity"), "severity", words.severities().reverse()),
    place.element,
    field(t("mission_report.occurred"), occurred, t("mission_report.occurred_hint")),
    field(t("mission_report.text"), text, t("mission_report.text_hint")),
    pictures.element,
    make("label", "radio", share, make("span", "", t("mission_report.position"), " ", make("small", "soft", t("mission_report.position_hint")))),
    told,
  ];
  pieces[0].querySelector("select").required = true;
  const element = form(pieces, t("mission_report.send"), async (values) => {
    const at = place.read();
    told.replaceChildren(...(at === undefined ? [make("p", "note amber", t("mission_report.no_place"))] : []));
    if (at === undefined) return;
    const reason = await queue.add(sender, {
      category: values.category, severity: values.severity, place: at, text: values.text,
      occurred_at: new Date(values.occurred).toISOString(), device_at: new Date().toISOString(),
      position: await position(values.position === "yes"), flag: given.flag,
    }, pictures.read());
    pictures.clear();
    text.value = "";
    occurred.max = occurred.value = localNow();
    const said = t(reason ? UNKEPT[reason] : "mission_report.kept");
    parts.say(said);
    element.previousSibling.replaceChildren(make("p", reason ? "note amber" : "note good", said));
    window.scrollTo(0, 0);
  });
  return make("div", "stack", parts.set(make("div"), { role: "status" }), element);
}

/* --- what waits on this device --- */

function unsentLine(report) {
  const error = report.error ? [make("p", "note amber", report.error), make("div", "row",
    button(t("mission_queue.retry"), () => queue.retry(report)),
    button(t("mission_queue.discard"), () => { if (window.confirm(t("mission_queue.sure"))) queue.drop(report.key); }))] : [];
  return make("li", "", make("b", "", words.category(report.body.category)), " ", parts.time(report.at),
    ...(report.photos.length ? [make("span", "soft", " · ", t("mission_queue.photos", { n: report.photos.length }))] : []),
    ...(queue.isUnkept(report) ? [make("p", "note amber", t("mission_queue.unkept"))] : []), ...error);
}

function unsent(sender) {
  const list = make("ul", "marked");
  const host = card(t("mission_queue.heading"), list);
  host.hidden = true;
  queue.onChange((reports) => {
    const own = reports.filter((report) => report.by === sender);
    host.hidden = own.length === 0;
    list.replaceChildren(...own.map(unsentLine));
  });
  return host;
}

/* --- own reports and what became of them --- */

function outcome(incident) {
  const why = incident.outcome;
  const element = lines.line(incident);
  if (incident.into_state) element.append(make("p", "said", t("mission_report.into", { state: words.stateWord(incident.into_state) })));
  if (why) element.append(make("p", "said", String(why)));
  return element;
}

async function mine(host) {
  try {
    const found = await api.get("incidents", { mine: 1 });
    host.replaceChildren(found.incidents.length ? make("ol", "incident-list", ...found.incidents.map(outcome)) : parts.empty(t("mission_report.none_mine")));
  } catch (error) {
    host.replaceChildren(parts.failure(error));
  }
}

export async function view(body, member) {
  const own = make("div");
  const sender = member.name || member.pseudonym;
  const form_ = reportForm(sender, await prefilled());
  body.replaceChildren(queue.badge(), make("div", "columns wide-left", card(t("mission_report.new"), form_),
    make("div", "stack", unsent(sender), card(t("mission_report.mine"), own))));
  let standing = -1;
  queue.onChange((reports) => { if (reports.length < standing) mine(own); standing = reports.length; });
  queue.start(member);
  await mine(own);
  setInterval(() => { if (!document.hidden) mine(own); }, AGAIN_MS);
}
