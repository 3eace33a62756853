/* One form at one place: its questions, how far one is, what is kept of it at each change, and its sending. */
import { position } from "../../device/position.js";
import * as storage from "../../device/storage.js";
import { make, set } from "../../text/dom.js";
import { isKey, keyOf, levelOf } from "../../text/keys.js";
import { t } from "../../text/words.js";
import { keeper, restored } from "../draft.js";
import { form as sending } from "../parts.js";
import * as queue from "../queue.js";
import { mesaField } from "../where.js";
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

async function bodyOf(form, place, asked) {
  const now = new Date().toISOString();
  return {
    form: form.id, version: form.version, place, started_at: asked.startedAt() || now, finished_at: now, device_at: now,
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
  return [restored(draft, discard),
    ...(form.version < begun.version ? [make("p", "soft", t("mission_fill.old_version"))] : [])];
}

/* `begun` is the form as it is asked now; a draft goes on with the version that it was begun with. `place`: {key, name}.
   `sent(reason)` hears that it is kept for sending, or why it is not kept. */
export async function sheet(begun, place, sender, sent) {
  const name = draftName(sender, begun.id, place.key);
  const draft = await storage.findDraft(name);
  const form = draft?.form || begun;
  const mesa = form.is_of_mesa && levelOf(place.key) === "polling_place" ? mesaField(draft?.mesa || "") : null;
  const number = () => mesa?.mesa.value.trim() ?? "";
  const unnamed = set(make("div"), { role: "alert" });
  const asked = answering(form, place.key, draft || { answers: {}, photos: [], position: false, started_at: null });
  /* Whichever button is pressed: without the mesa's number nothing is sent. */
  function isNamed() {
    const isMissing = Boolean(mesa) && !isKey(keyOf("mesa", number()));
    unnamed.replaceChildren(...(isMissing ? [make("p", "note amber", t("mission_fill.no_mesa"))] : []));
    if (isMissing) mesa.mesa.focus();
    return !isMissing;
  }
  async function send() {
    if (!isNamed()) return;
    const body = await bodyOf(form, mesa ? { mesa: number() } : placeOf(place.key), asked);
    drafts.stop();
    const where = mesa ? t("mission.mesa", { number: number() }) : place.name;
    sent(await queue.add(sender, body, asked.pictures(), name, { kind: "response", form, station: place.key, name: `${said(form.title)} · ${where}` }));
  }
  /* What is odd or missing is said first. */
  async function check() {
    if (!isNamed()) return;
    const faults = asked.own.complain().filter(({ kind }) => kind !== "unasked");
    if (faults.length) objections.tell(faults);
    else await send();
  }
  const objections = wrong(form, asked.own.element, send);
  const element = sending([...(mesa ? [mesa.element, unnamed] : []), ...asked.pieces, objections.element], t("mission_fill.send"), check);
  element.noValidate = true; // what is asked is judged by the form's own rules
  const drafts = keeper(() => name, element, () => { const kept = asked.read(); return kept && { ...kept, mesa: number() }; });
  const broken = await storage.probe();
  if (broken) drafts.host.append(make("p", "note amber", t(`mission_draft.${broken}`)));
  return make("div", "stack", drafts.host, ...(draft ? resumed(form, draft, begun, name, drafts) : []), ...(form.about ? [make("p", "soft", said(form.about))] : []), element);
}
