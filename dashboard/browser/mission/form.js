/* The observer's form: nothing that is written in it is lost, its clock is ours as far as that is known, and once sent it is empty. */
import * as clock from "../device/clock.js";
import { position } from "../device/position.js";
import * as storage from "../device/storage.js";
import { choose } from "../text/addresses.js";
import { config } from "../text/config.js";
import { make } from "../text/dom.js";
import * as moments from "../text/moments.js";
import { REPORT_LIMITS } from "../text/vocabulary.js";
import { t } from "../text/words.js";
import { keeper, restored } from "./draft.js";
import * as parts from "./parts.js";
import { area, field, form, input, radios, select } from "./parts.js";
import * as photos from "./photos.js";
import * as queue from "./queue.js";
import * as where from "./where.js";
import * as words from "./words.js";

const TICK_MS = 10000;
const UNKEPT = { full: "mission_report.unkept_full", denied: "mission_report.unkept_denied" };

/** "2026-06-07T08:15" of a moment in this device's zone, for a datetime-local field. */
export function local(ms) {
  const moment = new Date(ms);
  return new Date(moment - moment.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

/* When it happened: now, until it is set, and never later than now. */
function moment() {
  const control = input("occurred", { type: "datetime-local", required: true });
  const note = parts.set(make("p", "note amber"), { role: "status" });
  let isSet = false;
  function tell() {
    const stamp = control.value ? new Date(control.value).toISOString() : null;
    const there = moments.clock(stamp, Date.now(), config.zone).slice(-5);
    const ahead = clock.ahead();
    const age = parts.span(Math.round(Math.abs(ahead) / 60000));
    const said = [ahead ? t(ahead > 0 ? "mission_report.clock_ahead" : "mission_report.clock_behind", { age }) : "",
      stamp && there !== control.value.slice(-5) ? t("mission_report.other_zone", { at: there }) : ""].filter(Boolean).join(" ");
    if (note.textContent !== said) note.textContent = said;
    note.hidden = !said;
  }
  function tick() {
    control.max = local(clock.now());
    if (!isSet) control.value = control.max;
    tell();
  }
  control.addEventListener("input", () => { isSet = true; tell(); });
  setInterval(tick, TICK_MS);
  document.addEventListener("visibilitychange", tick);
  tick();
  return {
    element: make("div", "stack", field(t("mission_report.occurred"), control, t("mission_report.occurred_hint")), note),
    tick,
    state: () => control.value,
    fill(value) { isSet = Boolean(value); control.value = value || ""; tick(); },
  };
}

/* A time to come, or of another year, is asked about: most often it is a slip. */
function isDoubtful(happened) {
  const now = new Date(clock.now());
  return happened - now > REPORT_LIMITS.future_minutes * 60000 || happened.getUTCFullYear() !== now.getUTCFullYear();
}

/* What is asked. `read()` is all that is written, null for nothing, and `fill` puts it back; a flag comes and goes with it. */
function questions() {
  const [place, pictures, occurred] = [where.chooser(), photos.chooser(), moment()];
  const text = area("text", { maxlength: REPORT_LIMITS.longest_text, required: true });
  const category = parts.set(select("category", [["", t("mission_report.choose")], ...words.categories()]), { required: true });
  const severity = radios(t("mission_report.severity"), "severity", words.severities().reverse());
  const share = parts.set(make("input"), { type: "checkbox", name: "position", value: "yes" });
  const level = () => severity.querySelector("input:checked")?.value || "";
  let flag = null;
  function fill(draft) {
    category.value = draft.category || "";
    for (const control of severity.querySelectorAll("input")) control.checked = control.value === draft.severity;
    place.fill(draft.place);
    occurred.fill(draft.occurred);
    text.value = draft.text || "";
    pictures.fill(draft.photos || []);
    share.checked = Boolean(draft.position);
    flag = draft.flag || null;
  }
  function read() {
    const isEmpty = !text.value.trim() && !category.value && !level() && !place.state().mesa && !pictures.read().length;
    return isEmpty ? null : { category: category.value, severity: level(), place: place.state(), occurred: occurred.state(), text: text.value,
      photos: pictures.read(), position: share.checked, flag, at: new Date().toISOString() };
  }
  const pieces = [field(t("mission_report.category"), category), severity, place.element, occurred.element,
    field(t("mission_report.text"), text, t("mission_report.text_hint")), pictures.element,
    make("label", "radio", share, make("span", "", t("mission_report.position"), " ", make("small", "soft", t("mission_report.position_hint"))))];
  return { pieces, fill, read, place };
}

/* The body of a report, undefined where its time is doubted and not confirmed. */
async function bodyOf(draft, place) {
  const happened = new Date(draft.occurred);
  const isDoubted = isDoubtful(happened);
  if (isDoubted && !window.confirm(t("mission_report.asks_time", { at: moments.dayClock(happened.toISOString(), config.zone) }))) return undefined;
  const { category, severity, text, flag } = draft;
  return {
    category, severity, place, text, flag, occurred_at: happened.toISOString(), device_at: new Date().toISOString(),
    position: draft.position ? await position() : null, ...(isDoubted ? { is_time_confirmed: true } : {}),
  };
}

/* `told` shows what became of what was sent; `begin` is what the form begins with, and the name of its draft:
   {name, flag, category, text, place}; `usual` is where it begins once it was sent. */
export async function reportForm(sender, begin, told, usual = null) {
  const { pieces, fill, read, place } = questions();
  const missing = parts.set(make("div"), { role: "alert" });
  let { name } = begin;
  const element = form([...pieces, missing], t("mission_report.send"), send);
  const drafts = keeper(() => name, element, read);
  function empty() {
    choose({ flag: "", response: "", question: "", mesa: "", place: "" });
    name = sender;
    fill({ place: usual || where.last() });
  }
  async function send() {
    const [draft, at] = [read(), place.read()];
    missing.replaceChildren(...(at === undefined ? [make("p", "note amber", t("mission_report.no_place"))] : []));
    const body = at === undefined ? undefined : await bodyOf(draft, at);
    if (body === undefined) return;
    drafts.stop();
    where.keepLast(draft.place);
    const reason = await queue.add(sender, body, draft.photos, name, { kind: "report" });
    empty();
    parts.tell(told, t(reason ? UNKEPT[reason] : "mission_report.kept"), reason ? "amber" : "good");
  }
  /* What the server refused, to be written again. */
  async function correct({ body, photos: own }) {
    fill({ ...body, place: where.stateOf(body.place), occurred: local(Date.parse(body.occurred_at)), photos: own });
    await drafts.save();
    element.scrollIntoView();
  }
  const found = await drafts.find();
  fill(found || begin);
  if (found) told.replaceChildren(restored(found, () => { empty(); drafts.save(); told.replaceChildren(); }));
  const broken = await storage.probe();
  if (broken) drafts.host.append(make("p", "note amber", t(`mission_draft.${broken}`)));
  return { element: make("div", "stack", drafts.host, element), correct, isEmpty: () => read() === null };
}
