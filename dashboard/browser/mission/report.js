/* The observer's page: the form, what is not sent yet, and what became of own reports. */
import { config } from "../text/config.js";
import { make } from "../text/dom.js";
import { codeOf, isKey, keyOf, levelOf } from "../text/keys.js";
import { clock } from "../text/moments.js";
import { t } from "../text/words.js";
import * as api from "./api.js";
import { say } from "./flagtext.js";
import { reportForm, tell } from "./form.js";
import * as lines from "./lines.js";
import * as parts from "./parts.js";
import { card } from "./parts.js";
import * as queue from "./queue.js";
import { unsent } from "./unsent.js";
import * as where from "./where.js";
import * as words from "./words.js";

const AGAIN_MS = 30000;

/* What a flag says; nothing where it cannot be had. */
async function evidence(flag) {
  try {
    const found = await api.get(`flags/${encodeURIComponent(flag)}`);
    return { text: say(found), place: levelOf(found.key || "") === "mesa" ? { mesa: codeOf(found.key) } : null };
  } catch (error) {
    if (!(error instanceof api.Refused)) throw error;
    return { text: "", place: null };
  }
}

/* What the form begins with: a place that the address names, and a flag's evidence. Each such beginning has a draft of its own. */
async function begin(sender) {
  const { flag, mesa, place } = parts.chosen();
  const named = mesa && isKey(keyOf("mesa", mesa)) ? { mesa } : place && isKey(keyOf("polling_place", place)) ? { polling_place: place } : null;
  const found = flag ? await evidence(flag) : { text: "", place: null };
  const about = [flag, mesa, place].filter(Boolean);
  return { name: [sender, ...about].join("/"), flag: flag || null, category: flag ? "counting_or_acta" : "", text: found.text, place: found.place || named ? where.stateOf(found.place || named) : where.last() };
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

export async function view(body, member) {
  const [own, told] = [make("div"), parts.set(make("div"), { role: "status" })];
  const sender = member.name || member.pseudonym;
  const form = await reportForm(sender, await begin(sender), told);
  body.replaceChildren(queue.badge(), make("div", "columns wide-left", card(t("mission_report.new"), told, form.element),
    make("div", "stack", unsent(sender, form), card(t("mission_report.mine"), own))));
  queue.onReceived((report) => {
    if (report.by !== sender) return;
    const at = clock(report.received_at, Date.now(), config.zone);
    tell(told, t("mission_report.received", { at, id: report.id }), "good");
    mine(own);
  });
  queue.start(member);
  await mine(own);
  setInterval(() => { if (!document.hidden) mine(own); }, AGAIN_MS);
}
