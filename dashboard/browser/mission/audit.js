/* The acta audit: a public seed draws the sample, two people read each image blind, and the p-value runs with them. */
import { config } from "../text/config.js";
import { make } from "../text/dom.js";
import { group } from "../text/figures.js";
import { AUDIT_LIMITS, NOT_VALID } from "../text/vocabulary.js";
import { t, told } from "../text/words.js";
import * as api from "./api.js";
import * as parts from "./parts.js";
import { button, card, facts, field, form, input, link, table, time } from "./parts.js";
import * as session from "./session.js";

const SEED = "[0-9]{20}";

/* What is checked, with the names of the lists; `places`: how many they are. */
const known = (found) => ({
  ...found, places: found.winners.length, read: found.actas - found.unread,
  names: new Intl.ListFormat(config.language).format(found.winners.map((place) => config.lists[place].short)),
});
const said = (found) => told(["audit_outcome.head", `audit_outcome.${found.outcome}`], { ...known(found), more: found.needed - found.settled });
const claim = (found) => told(["audit_claim.outcome", found.unread === 0 ? "audit_claim.whole" : "audit_claim.coverage"], known(found));
const open = (id) => parts.openWith({ id: String(id) });
const decimals = (value, digits) => (value === null || value === undefined ? null : Number(value).toFixed(digits));

/* --- beginning one --- */

async function beginning(member) {
  if (!session.isAtLeast(member, "coordinator")) return [];
  const { refusal, outcome, ...size } = await api.get("acta-audits/prospect");
  const about = outcome ? make("p", "lead-sentence", claim(outcome)) : "";
  if (refusal) return [card(t("mission_audit.begin"), about, make("p", "", t(`audit_refusal.${refusal}`, size)))];
  const seed = input("seed", { required: true, inputmode: "numeric", pattern: SEED, minlength: 20, maxlength: 20 });
  const risk = input("risk_limit", { required: true, inputmode: "decimal", value: String(AUDIT_LIMITS.usual_risk) });
  return [card(t("mission_audit.begin"), about, make("p", "", t("audit_claim.size", size)), make("p", "soft", t("mission_audit.seed_about")),
    form([field(t("mission_audit.seed"), seed, t("mission_audit.seed_hint")), field(t("mission_audit.risk"), risk, t("mission_audit.risk_hint"))],
      t("mission_audit.draw"), async (values) => {
        const made = await api.post("acta-audits", { seed: values.seed.trim(), risk_limit: Number(values.risk_limit.replace(",", ".")) });
        open(made.id);
      }))];
}

function earlier(found) {
  const lines = found.audits.map((audit) => make("li", "", link(t("mission_audit.number", { n: audit.id }), `/mission/acta-audits?id=${audit.id}`), " · ", time(audit.made_at, false)));
  return card(t("mission_audit.earlier"), lines.length ? make("ul", "marked", ...lines) : parts.empty(t("mission_audit.none")));
}

/* --- one audit --- */

function standing(audit) {
  return card(t("mission_audit.standing"), make("p", "lead-sentence", said(audit)), facts([
    [t("mission_audit.confirms"), claim(audit)],
    [t("mission_audit.p"), decimals(audit.p_value, 4)],
    [t("mission_audit.risk"), String(audit.risk_limit)],
    [t("mission_audit.settled"), `${group(audit.settled)} / ${group(audit.needed)}`],
    [t("mission_audit.discrepancies"), group(audit.discrepancies)],
    [t("mission_audit.planned"), group(audit.planned)],
    [t("mission_audit.bound"), decimals(audit.bound, 1)],
    [t("mission_audit.seed"), make("code", "", audit.seed)],
    [t("mission_audit.made"), time(audit.made_at, false)],
  ]), make("p", "soft", t("mission_audit.about")),
  make("div", "row", button(t("mission_audit.csv"), () => api.save(`acta-audits/${audit.id}.csv`, {}, `audit-${audit.id}.csv`))));
}

const isOpen = (draw) => draw.missing > 0 && !draw.is_read_by_you;
const number = (name, label) => field(label, input(name, { inputmode: "numeric", pattern: "[0-9]{1,4}", maxlength: 4 }));
const figure = (text) => (text === undefined || text.trim() === "" ? null : Number(text));

/* Blind: what was reported and what the other person read is not on this page. */
function entry(audit, chosen, done) {
  const lists = config.lists;
  const mesa = parts.mesaInput({ required: true, value: chosen || "" });
  const unreadable = parts.set(make("input"), { type: "checkbox", name: "unreadable", value: "yes" });
  const votes = make("div", "filters", ...lists.map((list, index) => number(`votes-${index}`, list.short)), ...NOT_VALID.map((name) => number(name, t(`audit_rest.${name}`))));
  unreadable.addEventListener("change", () => { votes.hidden = unreadable.checked; });
  return card(t("mission_audit.entry"), make("p", "soft", t("mission_audit.blind")), form([
    field(t("mission_audit.mesa"), mesa), make("label", "radio", unreadable, make("span", "", t("mission_audit.unreadable"))), votes,
  ], t("mission_audit.save"), async (values, element) => {
    const own = lists.map((_, index) => figure(values[`votes-${index}`]));
    const read = values.unreadable || own.includes(null) ? { votes: null } : {
      votes: own, ...Object.fromEntries(NOT_VALID.map((name) => [name, figure(values[name])])),
    };
    if (!values.unreadable && own.includes(null)) throw new api.Refused(422, t("mission_audit.incomplete"));
    await api.post(`acta-audits/${audit.id}/entries`, { mesa: values.mesa.trim(), ...read });
    element.reset();
    votes.hidden = false;
    parts.say(t("mission_audit.kept", { mesa: values.mesa }));
    await done();
  }));
}

const read = (reading) => (reading?.votes ? reading.votes.join(" / ") : t("mission_audit.unreadable"));

function state(draw) {
  if (draw.missing > 0 && draw.is_read_by_you) return t("mission_audit.yours", { n: draw.missing });
  if (draw.missing > 0) return t(draw.entries > 1 ? "mission_audit.apart" : "mission_audit.needs", { n: draw.missing });
  const { reported, read: settled } = draw;
  if (JSON.stringify(reported) === JSON.stringify(settled)) return t("mission_audit.agrees");
  return t("mission_audit.differs", { reported: read(reported), read: read(settled) });
}

function sample(audit, pick) {
  const heads = [[t("mission_audit.draw_n"), "text"], [t("mission_audit.mesa"), "text"], [t("mission_audit.entries"), "number"],
    [t("mission_audit.state"), "text"], [t("mission_audit.p"), "number"], [parts.hidden(t("mission_audit.read")), "text"]];
  const rows = audit.draws.slice(0, Math.max(audit.needed, audit.planned)).map((draw) => [String(draw.n), link(draw.mesa, `/mesa/${draw.mesa}`), String(draw.entries),
    make("span", "", state(draw)), decimals(draw.p, 4) || "", isOpen(draw) ? button(t("mission_audit.read"), () => pick(draw.mesa)) : ""]);
  const host = make("div", "stack");
  const show = (most) => host.replaceChildren(table(t("mission_audit.sample"), heads, rows.slice(0, most)),
    ...(rows.length > most ? [button(t("mission_list.older"), () => show(most + 5 * config.shown.acta_rows))] : []));
  show(config.shown.acta_rows);
  return card(t("mission_audit.sample"), host);
}

async function one(host, id) {
  const [told, form_, list] = [make("div"), make("div"), make("div")];
  async function show(chosen) {
    const audit = await api.get(`acta-audits/${encodeURIComponent(id)}`);
    const next = chosen || audit.draws.find(isOpen)?.mesa;
    const pick = (mesa) => { form_.replaceChildren(entry(audit, mesa, show)); form_.querySelector("input").focus(); };
    told.replaceChildren(standing(audit));
    form_.replaceChildren(entry(audit, next, show));
    list.replaceChildren(sample(audit, pick));
  }
  await show();
  host.replaceChildren(make("p", "", link(t("mission_audit.all"), "/mission/acta-audits")), make("div", "columns", told, form_), list);
}

export async function view(host, member) {
  const { id } = parts.chosen();
  if (id) { await one(host, id); return; }
  const [begin, before] = [make("div"), make("div")];
  host.replaceChildren(begin, before);
  const show = async (place, made) => place.replaceChildren(...await made().catch((error) => [parts.failure(error)]));
  await Promise.all([show(begin, () => beginning(member)), show(before, async () => [earlier(await api.get("acta-audits"))])]);
}
