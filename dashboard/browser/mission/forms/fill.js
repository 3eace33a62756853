/* Forms on a phone: what is asked at a place and what comes next, the one that was chosen, and what became of those sent. */
import * as storage from "../../device/storage.js";
import { choose } from "../../text/addresses.js";
import { config } from "../../text/config.js";
import { make } from "../../text/dom.js";
import { clock } from "../../text/moments.js";
import { t } from "../../text/words.js";
import * as api from "../api.js";
import { unsent } from "../pages/unsent.js";
import * as parts from "../parts.js";
import { button, card, link } from "../parts.js";
import * as queue from "../queue.js";
import * as where from "../where.js";
import * as words from "../words.js";
import { agenda, draftName } from "./day.js";
import * as library from "./library.js";
import * as own from "./own.js";
import * as place from "./place.js";
import { sheet } from "./sheet.js";
import { said } from "./widgets.js";

const AGAIN_MS = 30000;
const UNKEPT = { full: "mission_report.unkept_full", denied: "mission_report.unkept_denied" };

const pathOf = (form, key) => `/mission/fill${api.query({ form, ...place.queryOf(key) })}`;
const timeOf = (stamp) => clock(stamp, Date.now(), config.zone);

/* --- the forms of a place --- */

function mark({ form, sent, isWaiting, hasDraft, isNext }) {
  if (hasDraft) return make("span", "form-mark draft", t("mission_fill.draft"));
  if (isWaiting) return make("span", "form-mark waiting", t("mission_fill.waiting"));
  if (sent) return make("span", "form-mark sent", t("mission_fill.sent", { at: timeOf(sent.at) }));
  return make("span", "form-mark soft", [isNext ? t("mission_fill.next") : "", form.due ? t("mission_fill.due", { at: form.due }) : ""].filter(Boolean).join(" · "));
}

function line(each, key) {
  const title = said(each.form.title);
  const name = each.isDone && !each.hasDraft ? make("span", "", title) : link(title, pathOf(each.form.id, key));
  return make("li", each.isNext ? "form-line next" : "form-line", name, mark(each));
}

/* What is known without network; where nothing is, nothing is ticked. */
async function sentOf() {
  try {
    return (await library.filled()).map((each) => ({ form: each.form, key: words.keyOf(each.place), place: each.place_key, at: each.received_at }));
  } catch (error) {
    if (!(error instanceof api.Refused)) throw error;
    return [];
  }
}

/* A form that is not asked any more stays where a draft of it waits. */
async function agendaOf(forms, key, sender) {
  const drafts = await storage.draftNames(`${sender}/fill/`);
  const begun = (await Promise.all(drafts.map(storage.findDraft))).filter((draft) => draft?.key === key).map((draft) => draft.form);
  const offered = [...begun.filter(({ id }) => !forms.some((form) => form.id === id)), ...forms];
  const waiting = (await storage.all()).filter((item) => item.by === sender && item.kind === "response" && !item.isIn);
  return agenda(offered, key, sender, {
    drafts, sent: await sentOf(), waiting: waiting.map(({ body, station, at }) => ({ form: body.form, key: words.keyOf(body.place), place: station, at })),
  });
}

/* --- the page --- */

/* What the server refused, to be written again. */
async function correct({ key: item, by, body, form, photos, station }, open) {
  const key = station || words.keyOf(body.place);
  const name = draftName(by, body.form, key);
  if ((await storage.findDraft(name)) && !window.confirm(t("mission_queue.replaces"))) return;
  const draft = { form, key, mesa: body.place.mesa || "", answers: body.answers, photos, position: Boolean(body.position), started_at: body.started_at, at: new Date().toISOString() };
  if (await storage.keepDraft(name, draft)) return; // nowhere to put it: it stays where it is
  await queue.drop(item);
  open(body.form, key);
}

/* The form that the address names, as a draft has it or as it is asked now; null: none. */
async function formOf(forms, key, sender) {
  const { form: id } = parts.chosen();
  if (!id) return null;
  const draft = await storage.findDraft(draftName(sender, id, key));
  return forms.find((form) => form.id === id) || draft?.form || null;
}

function header(name, ...others) {
  return make("p", "row", make("b", "", name), ...others);
}

/* What stands on the page: where one is, the forms of that place, or one of them. `goTo`: {list(reason), elsewhere()}. */
async function shown(forms, posting, sender, { key, goTo }) {
  const name = place.nameOf(key, posting);
  const form = await formOf(forms, key, sender);
  if (form) return [card(said(form.title), header(name, link(t("mission_fill.all"), pathOf("", key)))), await sheet(form, { key, name }, sender, goTo.list)];
  const lines = (await agendaOf(forms, key, sender)).map((each) => line(each, key));
  return [card(t("mission_fill.at"), header(name, button(t("mission_fill.elsewhere"), goTo.elsewhere)),
    lines.length ? make("ol", "form-lines", ...lines) : parts.empty(t("mission_fill.no_forms")))];
}

async function listOwn(host, forms) {
  try {
    host.replaceChildren(own.list(await library.filled(), forms));
  } catch (error) {
    host.replaceChildren(parts.failure(error));
  }
}

export async function view(body, member) {
  const sender = member.name || member.pseudonym;
  const [posting, forms] = await Promise.all([where.assigned(member), library.forms()]);
  const [told, main, mine] = [parts.set(make("div"), { role: "status", tabindex: -1 }), make("div", "stack"), make("div")];
  const begin = parts.takingTurns();
  let isListed = true;
  function elsewhere() {
    isListed = false;
    begin();
    main.replaceChildren(card(t("mission_fill.where"), place.chooser(posting, (key) => open("", key))));
  }
  function open(form, key) {
    choose({ form, ...place.queryOf(key) });
    return show();
  }
  async function show() {
    isListed = true;
    const isLast = begin();
    const key = place.standing(parts.chosen(), posting);
    async function list(reason) {
      // Said before the list is drawn: by then it may be in already, and that is said in this one's place.
      parts.tell(told, t(reason ? UNKEPT[reason] : "mission_report.kept"), reason ? "amber" : "good");
      await open("", key);
      told.focus(); // what was pressed is gone
    }
    if (!key) { elsewhere(); return; }
    const pieces = await shown(forms, posting, sender, { key, goTo: { list, elsewhere } });
    if (isLast()) main.replaceChildren(...pieces);
  }
  body.replaceChildren(queue.badge(), make("div", "columns wide-left", make("div", "stack", told, main),
    make("div", "stack", unsent(sender, { response: (item) => correct(item, open) }), card(t("mission_fill.mine"), mine))));
  queue.onReceived((item) => {
    if (item.by !== sender || item.kind !== "response") return;
    const text = t("mission_fill.received", { at: timeOf(item.received_at), name: item.name });
    parts.say(text);
    told.replaceChildren(make("p", "note good", text));
    listOwn(mine, forms);
    if (isListed && !parts.chosen().form) show();
  });
  await show();
  queue.start(member);
  await listOwn(mine, forms);
  setInterval(() => { if (!document.hidden) listOwn(mine, forms); }, AGAIN_MS);
}
