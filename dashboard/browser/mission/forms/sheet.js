/* One form at one place: its questions, how far one is, what is kept of it at each change, and its sending. */
import { position } from "../../device/position.js";
import * as storage from "../../device/storage.js";
import { config } from "../../text/config.js";
import { make } from "../../text/dom.js";
import { clock } from "../../text/moments.js";
import { t } from "../../text/words.js";
import { keeper } from "../draft.js";
import * as parts from "../parts.js";
import { button, form as formOf } from "../parts.js";
import * as photos from "../photos.js";
import * as queue from "../queue.js";
import { questionsOf } from "./answers.js";
import { draftName } from "./day.js";
import { placeOf } from "./place.js";
import { progress } from "./progress.js";
import { fillable, said } from "./widgets.js";

const BLOCKING = ["type", "choice"]; // what the server could not read

/* The pictures of all its questions, as the draft has them: [{question, blob}]. */
function album(kept) {
  const choosers = new Map();
  return {
    control({ id, most }, _, changed) {
      const own = photos.chooser(most ?? undefined);
      own.fill(kept.filter(({ question }) => question === id).map(({ blob }) => blob));
      own.element.addEventListener("change", () => changed(own.read().length || null));
      choosers.set(id, own);
      return { element: own.element, fill() {} };
    },
    read: (asked) => [...choosers].filter(([id]) => !asked || asked.has(id)).flatMap(([question, own]) => own.read().map((blob) => ({ question, blob }))),
  };
}

/* An answer of pictures is their number, which is that of those that are still here. */
function answersOf(form, { answers = {}, photos: kept = [] }) {
  const found = { ...answers };
  for (const { id } of questionsOf(form).filter(({ type }) => type === "photo")) found[id] = kept.filter(({ question }) => question === id).length || null;
  return found;
}

/* What is missing or odd, by name, each a way to its question; the checks are said below the questions. */
function summary(form, faults, element) {
  const found = faults.filter(({ kind }) => !["check", "unasked"].includes(kind));
  const lines = found.map(({ id, kind }) => {
    const way = parts.set(make("a", "", said(questionsOf(form).find((question) => question.id === id)?.label)), { href: `#${id}` });
    way.addEventListener("click", (event) => { event.preventDefault(); element.querySelector(`[data-question="${CSS.escape(id)}"] :is(input, textarea)`)?.focus(); });
    return make("li", "", way, ...(kind === "required" ? [] : [": ", t(`mission_fill.${BLOCKING.includes(kind) ? "unreadable" : "odd"}`)]));
  });
  const missing = found.filter(({ kind }) => kind === "required").length;
  const failed = faults.length - found.length;
  return [make("p", "", make("b", "", [missing ? t("mission_fill.missing", { n: missing }) : "", faults.length - missing ? t("mission_fill.look_again", { n: faults.length - missing }) : ""].filter(Boolean).join(" "))),
    ...(lines.length ? [make("ul", "marked", ...lines)] : []), ...(failed ? [make("p", "", t("mission_fill.checks"))] : [])];
}

/* {element, name}: `begun` is the form as it is asked now; a draft goes on with the version that it was begun with.
   `sent(reason)` hears that it is kept for sending, or why it is not kept. */
export async function sheet(begun, key, sender, placeName, sent) {
  const name = draftName(sender, begun.id, key);
  const found = await storage.findDraft(name);
  const form = found?.form || begun;
  const pictures = album(found?.photos || []);
  const own = fillable(form, { answers: answersOf(form, found || {}), photo: pictures.control, changed: (given) => { answers = given; far.tell(own.look()); } });
  let answers = answersOf(form, found || {});
  let startedAt = found?.started_at || null;
  const far = progress(form, own.element);
  const share = Object.assign(parts.set(make("input"), { type: "checkbox", name: "position", value: "yes" }), { checked: Boolean(found?.position) });
  const wrong = parts.set(make("div", "stack"), { tabindex: -1, role: "group", "aria-label": t("mission_fill.wrong") });
  function read() {
    const isEmpty = !Object.values(answers).some((value) => value !== null && value !== "") && !pictures.read().length;
    if (isEmpty) return null;
    startedAt ??= new Date().toISOString();
    return { form, key, answers, photos: pictures.read(), position: share.checked, started_at: startedAt, at: new Date().toISOString() };
  }
  async function deliver() {
    const [draft, { asked, answers: given }] = [read(), own.look()];
    const now = new Date().toISOString();
    const body = {
      form: form.id, version: form.version, place: placeOf(key), started_at: draft?.started_at || now, finished_at: now, device_at: now,
      answers: given, position: share.checked ? await position() : null, is_time_confirmed: false,
    };
    drafts.stop();
    sent(await queue.add(sender, body, pictures.read(new Set(asked)), name, { kind: "response", form, name: `${said(form.title)} · ${placeName}` }));
  }
  /* What is odd or missing is said first; what can be read is sent all the same, if that is wanted. */
  async function check() {
    const faults = own.complain().filter(({ kind }) => kind !== "unasked");
    if (!faults.length) { await deliver(); return; }
    const isReadable = !faults.some(({ kind }) => BLOCKING.includes(kind));
    wrong.className = "stack note amber";
    wrong.replaceChildren(...summary(form, faults, own.element), ...(isReadable ? [make("div", "row", button(t("mission_fill.send_anyway"), deliver))] : []));
    wrong.focus();
  }
  const where = make("label", "radio", share, make("span", "", t("mission_report.position"), " ", make("small", "soft", t("mission_report.sharehint"))));
  const element = formOf([far.element, own.element, where, wrong], t("mission_fill.send"), check);
  element.noValidate = true;
  const drafts = keeper(() => name, element, read);
  const broken = await storage.probe();
  if (broken) drafts.host.append(make("p", "note amber", t(`mission_draft.${broken}`)));
  far.tell(own.look());
  const earlier = found ? [make("p", "note row", make("span", "", t("mission_draft.restored", { at: clock(found.at, Date.now(), config.zone) })), button(t("mission_draft.discard"), discard))] : [];
  async function discard() {
    drafts.stop();
    await storage.dropDraft(name);
    window.location.reload();
  }
  const old = form.version < begun.version ? [make("p", "soft", t("mission_fill.old_version"))] : [];
  return make("div", "stack", drafts.host, ...earlier, ...old, ...(form.about ? [make("p", "soft", said(form.about))] : []), element);
}
