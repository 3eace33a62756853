/* The observer's page: the form, what is not sent yet, and what became of own reports. */
import { readySince } from "../device/ready.js";
import { config } from "../text/config.js";
import { make } from "../text/dom.js";
import { codeOf, isKey, keyOf, levelOf } from "../text/keys.js";
import { clock } from "../text/moments.js";
import { t } from "../text/words.js";
import * as api from "./api.js";
import { say } from "./flagtext.js";
import { reportForm } from "./form.js";
import * as lines from "./lines.js";
import { unsent } from "./pages/unsent.js";
import * as parts from "./parts.js";
import { card } from "./parts.js";
import * as queue from "./queue.js";
import { evidence as ofResponse } from "./responses/evidence.js";
import { about as differing } from "./quickcount/comparing.js";
import * as session from "./session.js";
import * as where from "./where.js";
import * as words from "./words.js";

const AGAIN_MS = 30000;

async function ofFlag({ flag }) {
  const found = await api.get(`flags/${encodeURIComponent(flag)}`);
  return { flag, category: "counting_or_acta", text: say(found), place: levelOf(found.key || "") === "mesa" ? { mesa: codeOf(found.key) } : null };
}

/* What a flag or a form's answers say; nothing where it cannot be had. */
async function evidence(chosen) {
  const { flag, response } = chosen;
  if (!flag && !response) return {};
  try {
    return await (response ? ofResponse(chosen) : ofFlag(chosen));
  } catch (error) {
    if (!(error instanceof api.Refused)) throw error;
    return { flag: flag || `response/${response}`, category: flag ? "counting_or_acta" : "" };
  }
}

/* What the form begins with: a place that the address names, and the evidence of a flag, of a form's answer, or of a copy that
   differs. Each such beginning has a draft of its own. */
async function begin(sender, usual) {
  const { flag, response, question, copy, mesa, place } = parts.chosen();
  const named = mesa && isKey(keyOf("mesa", mesa)) ? { mesa } : place && isKey(keyOf("polling_place", place)) ? { polling_place: place } : null;
  const found = copy ? { category: "counting_or_acta", text: await differing(copy, mesa) } : await evidence({ flag, response, question });
  const about = [flag, response, question, copy, mesa, place].filter(Boolean);
  return { text: "", ...found, name: [sender, ...about].join("/"), place: found.place || named ? where.stateOf(found.place || named, found.place_name) : usual };
}

async function correct(report, form) {
  if (!form.isEmpty() && !window.confirm(t("mission_queue.replaces"))) return;
  await form.correct(report);
  await queue.drop(report.key);
}

/* --- own reports and what became of them --- */

function outcome(incident) {
  const why = incident.outcome;
  const element = lines.line(incident);
  if (incident.into_state) element.append(make("p", "said", t("mission_report.into", { state: words.stateWord(incident.into_state) })));
  if (incident.correction) element.append(make("p", "said", t("mission_report.corrected", { reason: incident.correction })));
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

/* --- what the mission says to this phone --- */

/* That no reports are taken now and why, or that this phone is not known any more; reports wait here in either case. */
async function heed(host) {
  let said = "";
  try {
    const stop = await api.get("intake-stop");
    if (stop.is_stopped) said = t("mission_report.stopped", { at: clock(stop.at, Date.now(), config.zone), reason: stop.reason || "" });
  } catch (error) {
    if (!(error instanceof api.Refused)) throw error;
    if (error.status === 401) said = session.whyOut();
    else return;
  }
  if (host.textContent !== said) host.replaceChildren(...(said ? [make("p", "note amber", said)] : []));
}

/** Whether this phone's pages open without network, since when, and how many places are searched then. */
async function tellReady(host, posting) {
  const since = await readySince(new URLSearchParams(window.location.search).get("lang") || config.default_language);
  const at = since && clock(since, Date.now(), config.zone);
  const n = posting?.places.length; // without an assignment, or with one that names no place, none is searched
  host.textContent = since ? [t("mission_ready.since", { at }), ...(n ? [t("mission_ready.searched", { n })] : [])].join(" ") : t("mission_ready.not_yet");
}

export async function view(body, member) {
  const [own, told, heard] = [make("div"), parts.set(make("div"), { role: "status" }), parts.set(make("div"), { role: "status" })];
  const ready = make("p", "soft");
  const sender = member.name || member.pseudonym;
  const posting = await where.assigned(member);
  const usual = posting && levelOf(posting.key) === "polling_place" ? where.stateOf({ polling_place: codeOf(posting.key) }, where.nameOf(posting)) : where.last();
  const form = await reportForm(sender, await begin(sender, usual), told, usual);
  body.replaceChildren(heard, queue.badge(), ...(posting ? [make("p", "", t("mission_report.assigned", { place: where.nameOf(posting) }))] : []), ready, make("div", "columns wide-left", card(t("mission_report.new"), told, form.element),
    make("div", "stack", unsent(sender, { report: (report) => correct(report, form) }), card(t("mission_report.mine"), own))));
  queue.onReceived((report) => {
    if (report.by !== sender || report.kind !== "report") return;
    const at = clock(report.received_at, Date.now(), config.zone);
    parts.tell(told, t("mission_report.received", { at, id: report.id }), "good");
    mine(own);
  });
  queue.onFailure(() => heed(heard));
  navigator.serviceWorker?.addEventListener("controllerchange", () => tellReady(ready, posting));
  queue.start(member);
  await Promise.all([mine(own), heed(heard), tellReady(ready, posting)]);
  setInterval(() => { if (!document.hidden) { mine(own); heed(heard); tellReady(ready, posting); } }, AGAIN_MS);
}
