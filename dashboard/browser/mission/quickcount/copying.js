/* An observer's mesas of the sample, and the form that copies an acta: twice and blind, or once with a photo; also without network. */
import { COPIED, remember, remembered } from "../../device/memory.js";
import { config } from "../../text/config.js";
import { make } from "../../text/dom.js";
import { clock } from "../../text/moments.js";
import { properName } from "../../text/spelling.js";
import { NOT_VALID } from "../../text/vocabulary.js";
import { t } from "../../text/words.js";
import * as storage from "../../device/storage.js";
import * as api from "../api.js";
import { unsent } from "../pages/unsent.js";
import { keeper, restored } from "../draft.js";
import * as parts from "../parts.js";
import { button, card, field, form, input } from "../parts.js";
import * as photos from "../photos.js";
import * as queue from "../queue.js";
import { areasOf, byArea, isDone } from "./areas.js";

const figure = (text) => (text === undefined || text.trim() === "" ? null : Number(text));
const number = (name, label, value) => field(label, input(name, { inputmode: "numeric", pattern: "[0-9]{1,5}", maxlength: 5, ...(value === undefined ? {} : { value: value ?? "" }) }));
const named = (name) => t("mission_quick.item", { mesa: name });

/* What there is to copy, {id, name, units, lists} of each quick count; without network, as it was last. */
async function mesas(member) {
  const known = remembered(COPIED);
  try {
    const { quick_counts: counts } = await api.get("quick-counts");
    const found = await Promise.all(counts.map(async ({ id, name }) => ({ id, name, ...await api.get(`quick-counts/${encodeURIComponent(id)}/units`) })));
    remember(COPIED, { by: member.pseudonym, found });
    return found;
  } catch (error) {
    if (!(error instanceof api.Refused) || error.status !== 0) throw error;
    return known && known.by === member.pseudonym ? known.found : [];
  }
}

/* --- the form --- */

/* Both that count are on the way or in: what comes now corrects one of them. */
function turns(sent) {
  if (sent < 2) return { element: "", read: () => sent + 1 };
  const chosen = parts.select("entry", [["1", t("mission_quick.first")], ["2", t("mission_quick.second")]]);
  return { element: field(t("mission_quick.corrects"), chosen), read: (values) => Number(values.entry) };
}

/* What is written is kept at each change; `draft`: what was, {figures, photos, entry, at}. */
function sheet({ count, unit, sent }, { name, draft, discard }, done) {
  const turn = draft?.entry ? { element: "", read: () => draft.entry } : turns(sent);
  const chosen = photos.chooser();
  if (draft) chosen.fill(draft.photos);
  const rest = [...NOT_VALID, "cast", "registered"];
  const fields = make("div", "filters copy-figures", ...count.lists.map(({ code, short }) => number(`votes-${code}`, short, draft?.figures[`votes-${code}`])),
    ...rest.map((each) => number(each, t(`copied_figure.${each}`), draft?.figures[each])));
  const element = form([turn.element, fields, chosen.element].filter(Boolean),
    t("mission_quick.send"), async (values) => {
      const votes = Object.fromEntries(count.lists.map(({ code }) => [code, figure(values[`votes-${code}`])]));
      const given = { mesa: unit.mesa, entry: turn.read(values), votes, ...Object.fromEntries(rest.map((each) => [each, figure(values[each])])) };
      const parts_ = [...Object.values(votes), ...NOT_VALID.map((each) => given[each])];
      const isOff = !parts_.includes(null) && given.cast !== null && parts_.reduce((total, own) => total + own, 0) !== given.cast;
      const isOver = given.cast !== null && given.registered !== null && given.cast > given.registered;
      if (isOff && !window.confirm(t("mission_quick.sum_off"))) return;
      if (isOver && !window.confirm(t("mission_quick.over"))) return;
      drafts.stop();
      await done(given, chosen.read());
    });
  const drafts = keeper(() => name, element, () => {
    const figures = Object.fromEntries([...fields.querySelectorAll("input")].map((control) => [control.name, control.value]));
    const isEmpty = Object.values(figures).every((text) => !text.trim()) && !chosen.read().length;
    return isEmpty ? null : { figures, photos: chosen.read(), entry: draft?.entry, at: new Date().toISOString() };
  });
  return card(named(unit.mesa), make("p", "soft", t(sent === 1 ? "mission_quick.again" : "mission_quick.how")), drafts.host,
    ...(draft ? [restored(draft, () => { drafts.stop(); discard(); })] : []), element,
    make("div", "row", button(t("mission_quick.back"), async () => { await drafts.save(); await done(null); })));
}

/* A copy that the server refused, as a draft: it keeps which entry it is. */
const draftOf = ({ body, photos: own }) => ({
  figures: Object.fromEntries([...Object.entries(body.votes).map(([code, votes]) => [`votes-${code}`, votes]), ...[...NOT_VALID, "cast", "registered"].map((each) => [each, body[each]])].map(([each, value]) => [each, value === null ? "" : String(value)])),
  photos: own, entry: body.entry, at: new Date().toISOString(),
});

/* --- the page --- */

function line(unit, { sent, isBegun }, open) {
  const where = [unit.place_name && properName(unit.place_name), unit.area_name && properName(unit.area_name)].filter(Boolean).join(" · ");
  const stands = isDone(unit);
  const state = stands ? t(`copy_state.${unit.state}`) : t("mission_quick.sent", { n: sent });
  const mark = isBegun ? [make("span", "form-mark draft", t("mission_fill.draft"))] : [];
  return make("li", "copy-line", make("b", "", named(unit.mesa)), " ", make("span", "soft", where), make("p", "row", make("span", "", state), ...mark,
    button(t(sent || stands ? "mission_quick.copy_again" : "mission_quick.copy"), open, stands || sent > 1 ? "quiet" : "primary")));
}

export async function copying(host, member) {
  const sender = member.name || member.pseudonym;
  const [told, main] = [parts.set(make("div"), { role: "status" }), make("div", "stack")];
  const opened = new Set();
  const begin = parts.takingTurns();
  let [found, isListed] = [[], true];
  async function list() {
    isListed = true;
    const isLast = begin();
    const items = (await storage.all()).filter((item) => item.by === sender && item.kind === "copy" && !item.isIn);
    const sentOf = (count, unit) => unit.own + new Set(items.filter((item) => item.to === count.id && item.body.mesa === unit.mesa).map((item) => item.body.entry)).size;
    const begun = new Set(await storage.draftNames(`${sender}/copy/`));
    const lines = found.map((count) => {
      const told = (unit) => line(unit, { sent: sentOf(count, unit), isBegun: begun.has(nameOf(count, unit)) }, () => open({ count, unit, sent: sentOf(count, unit) }));
      const draw = (units) => make("ul", "copy-lines", ...units.map(told));
      const isCopied = (unit) => isDone(unit) || sentOf(count, unit) > 0;
      return card(count.name, ...byArea(count.units, { areasOf, isDone: isCopied, draw, opened }));
    });
    if (isLast()) main.replaceChildren(...(lines.length ? lines : [card("", parts.empty(t("mission_quick.none_here")))]));
  }
  const nameOf = (count, unit) => `${sender}/copy/${count.id}/${unit.mesa}`;
  async function open(what) {
    isListed = false;
    const isLast = begin();
    const name = nameOf(what.count, what.unit);
    const discard = async () => { await storage.dropDraft(name); await open(what); };
    const draft = await storage.findDraft(name);
    if (!isLast()) return;
    main.replaceChildren(sheet(what, { name, draft, discard }, async (body, pictures = []) => {
      if (body) {
        const reason = await queue.add(sender, body, pictures, name, { kind: "copy", to: what.count.id, name: named(body.mesa) });
        parts.tell(told, t(reason ? `mission_report.unkept_${reason}` : "mission_report.kept"), reason ? "amber" : "good");
      }
      await list();
    }));
    main.querySelector("input").focus();
  }
  /* What the server refused, to be written again. */
  async function correct(item) {
    const count = found.find(({ id }) => id === item.to);
    const unit = count?.units.find(({ mesa }) => mesa === item.body.mesa);
    if (!unit) return;
    const name = nameOf(count, unit);
    if ((await storage.findDraft(name)) && !window.confirm(t("mission_queue.replaces"))) return;
    if (await storage.keepDraft(name, draftOf(item))) return; // nowhere to put it: it stays where it is
    await queue.drop(item.key);
    await open({ count, unit, sent: item.body.entry - 1 });
  }
  host.replaceChildren(queue.badge(), told, unsent(sender, { copy: correct }), main);
  queue.onReceived(async (item) => {
    if (item.by !== sender || item.kind !== "copy") return;
    const text = t("mission_quick.received", { at: clock(item.received_at, Date.now(), config.zone), name: item.name });
    parts.say(text);
    told.replaceChildren(make("p", "note good", text));
    found = await mesas(member);
    if (isListed) await list();
  });
  found = await mesas(member);
  await list();
  queue.start(member);
}
