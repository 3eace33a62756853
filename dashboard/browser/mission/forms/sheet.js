/* One form at one place: its questions, how far one is, what is kept of it at each change, and its sending. */
import { position } from "../../device/position.js";
import * as storage from "../../device/storage.js";
import { config } from "../../text/config.js";
import { make, set } from "../../text/dom.js";
import { clock } from "../../text/moments.js";
import { t } from "../../text/words.js";
import { keeper } from "../draft.js";
import { button, form as sending } from "../parts.js";
import * as queue from "../queue.js";
import { album } from "./album.js";
import { questionsOf } from "./answers.js";
import { isAnswered } from "./conditions.js";
import { draftName } from "./day.js";
import { placeOf } from "./place.js";
import { progress } from "./progress.js";
import { fillable, said } from "./widgets.js";
import { wrong } from "./wrong.js";

/* An answer of pictures is their number: that of those that are still here. */
function answersOf(form, { answers, photos }) {
  const counted = questionsOf(form).filter(({ type }) => type === "photo").map(({ id }) => [id, photos.filter(({ question }) => question === id).length || null]);
  return { ...answers, ...Object.fromEntries(counted) };
}

/* What is asked, as a draft left it. `read()` is all that is written, null for nothing. */
function answering(form, key, draft) {
  const pictures = album(draft.photos);
  const share = Object.assign(set(make("input"), { type: "checkbox", name: "position", value: "yes" }), { checked: draft.position });
  let answers = answersOf(form, draft);
  let startedAt = draft.started_at;
  const own = fillable(form, { answers, photo: pictures.control, changed(given) {
    answers = given;
    startedAt ??= new Date().toISOString();
    far.tell(own.look());
  } });
  const far = progress(form, own.element);
  far.tell(own.look());
  const where = make("label", "radio", share, make("span", "", t("mission_report.position"), " ", make("small", "soft", t("mission_report.position_hint"))));
  const isEmpty = () => !Object.values(answers).some(isAnswered) && !pictures.read().length;
  return {
    pieces: [far.element, own.element, where],
    own,
    pictures: () => pictures.read(own.look().asked),
    isShared: () => share.checked,
    startedAt: () => startedAt,
    read: () => (isEmpty() ? null : { form, key, answers, photos: pictures.read(), position: share.checked, started_at: startedAt, at: new Date().toISOString() }),
  };
}

async function bodyOf(form, key, asked) {
  const now = new Date().toISOString();
  return {
    form: form.id, version: form.version, place: placeOf(key), started_at: asked.startedAt() || now, finished_at: now, device_at: now,
    answers: asked.own.look().answers, position: asked.isShared() ? await position() : null, is_time_confirmed: false,
  };
}

/* That what stands in the form was written before, or asked otherwise since, and the way to begin anew. */
function resumed(form, draft, begun, name, drafts) {
  async function discard() {
    drafts.stop();
    await storage.dropDraft(name);
    window.location.reload();
  }
  const at = clock(draft.at, Date.now(), config.zone);
  return [make("p", "note row", make("span", "", t("mission_draft.restored", { at })), button(t("mission_draft.discard"), discard)),
    ...(form.version < begun.version ? [make("p", "soft", t("mission_fill.old_version"))] : [])];
}

/* `begun` is the form as it is asked now; a draft goes on with the version that it was begun with. `place`: {key, name}.
   `sent(reason)` hears that it is kept for sending, or why it is not kept. */
export async function sheet(begun, place, sender, sent) {
  const name = draftName(sender, begun.id, place.key);
  const draft = await storage.findDraft(name);
  const form = draft?.form || begun;
  const asked = answering(form, place.key, draft || { answers: {}, photos: [], position: false, started_at: null });
  async function send() {
    const body = await bodyOf(form, place.key, asked);
    drafts.stop();
    sent(await queue.add(sender, body, asked.pictures(), name, { kind: "response", form, name: `${said(form.title)} · ${place.name}` }));
  }
  /* What is odd or missing is said first. */
  async function check() {
    const faults = asked.own.complain().filter(({ kind }) => kind !== "unasked");
    if (faults.length) objections.tell(faults);
    else await send();
  }
  const objections = wrong(form, asked.own.element, send);
  const element = sending([...asked.pieces, objections.element], t("mission_fill.send"), check);
  element.noValidate = true; // what is asked is judged by the form's own rules
  const drafts = keeper(() => name, element, asked.read);
  const broken = await storage.probe();
  if (broken) drafts.host.append(make("p", "note amber", t(`mission_draft.${broken}`)));
  return make("div", "stack", drafts.host, ...(draft ? resumed(form, draft, begun, name, drafts) : []), ...(form.about ? [make("p", "soft", said(form.about))] : []), element);
}
