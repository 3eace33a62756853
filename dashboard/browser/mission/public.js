/* What the public sees of the incidents and what it would see, looked at by a coordinator before it is so. */
import { kindOf, pathOf } from "../text/addresses.js";
import { config } from "../text/config.js";
import { make } from "../text/dom.js";
import * as moments from "../text/moments.js";
import { t } from "../text/words.js";
import * as api from "./api.js";
import * as lines from "./lines.js";
import * as parts from "./parts.js";
import { button, card, link, time } from "./parts.js";
import * as words from "./words.js";

const clock = (stamp) => moments.clock(stamp, Date.now(), config.zone);
const idOf = (each) => link(each.id, lines.pathOf(each));

function areaOf(key, names) {
  return link(`${words.areaName(key, names[key])} (${kindOf(key)})`, pathOf(key));
}

/* One as the public reads it; `more` is what only the coordinator sees of it. */
function line(each, names, ...more) {
  return make("li", "incident-line", words.severity(each.severity), make("span", "what", make("b", "", words.category(each.category)), make("span", "where", areaOf(each.key, names))),
    time(each.at, false), ...more);
}

const list = (items) => make("ol", "incident-list notices", ...items);
const folded = (text, items) => (items.length ? [make("details", "ask", make("summary", "", text), list(items))] : []);

/* Each that would be said, the new ones first and open, with the choice to leave it unsaid. */
function next(found, withheld, look) {
  const choice = (each) => line(each, found.names, make("span", "row", idOf(each), button(t("mission_public.withhold"), () => look([...withheld, each.id]))));
  const fresh = found.entries.filter((each) => each.is_new);
  const rest = found.entries.filter((each) => !each.is_new);
  const numbers = t("mission_public.numbers", { fresh: fresh.length, rest: rest.length, gone: found.gone.length });
  return [make("p", "", make("b", "", numbers)), ...(fresh.length ? [list(fresh.map(choice))] : []), ...folded(t("mission_public.already", { n: rest.length }), rest.map(choice))];
}

/* Those that stay unsaid, by reason, and those whose time has not come. */
function unsaid(found, withheld, look) {
  const waiting = found.waiting.map((each) => make("li", "", idOf(each), " ", make("span", "soft", t("mission_public.waiting_about", { at: clock(each.public_from) }))));
  const hidden = found.hidden.map((each) => make("li", "", idOf(each), " ", make("span", "soft", words.wordOf("hidden_reason", each.reason)),
    ...(each.reason === "withheld" ? [" ", button(t("mission_public.said_again"), () => look(withheld.filter((other) => other !== each.id)))] : [])));
  const folds = (name, items) => (items.length
    ? [make("details", "ask", make("summary", "", t(`mission_public.${name}`, { n: items.length })), make("ul", "marked", ...items))] : []);
  return make("div", "stack", ...folds("waiting", waiting), ...folds("hidden", hidden));
}

function now(found) {
  const shown = found.now.incidents.map((each) => line(each, found.names));
  const none = parts.empty(t("mission_public.nothing_now"));
  return card(t("mission_public.now"), ...(shown.length ? folded(t("mission_public.shown", { n: shown.length }), shown) : [none]));
}

export async function view(host) {
  const told = parts.set(make("div"), { role: "status" });
  const body = make("div", "stack");
  const begin = parts.takingTurns();
  /* `chosen`: those left unsaid; undefined for those of the last publication. */
  async function look(chosen) {
    const query = chosen === undefined ? "" : `?keep=false&${chosen.map((id) => `withhold=${encodeURIComponent(id)}`).join("&")}`;
    const isLast = begin();
    const found = await api.get(`public-preview${query}`);
    if (!isLast()) return found;
    const withheld = found.hidden.filter((each) => each.reason === "withheld").map((each) => each.id);
    const again = (ids) => look(ids).catch((error) => told.replaceChildren(parts.failure(error)));
    const publish = parts.form([], t("mission_public.publish"), async () => {
      try {
        const made = await api.post("publications", { digest: found.digest, withhold: withheld });
        told.replaceChildren(make("p", "note good", t("mission_public.published", { n: made.incidents })));
      } catch (error) {
        if (error.status !== 409) throw error;
        told.replaceChildren(make("p", "note amber", t("mission_public.again")));
      }
      await look(withheld);
    });
    const isNews = found.gone.length > 0 || found.entries.some((each) => each.is_new);
    const has = found.entries.length || found.gone.length;
    body.replaceChildren(card(t("mission_public.next"),
      make("p", "soft", t("mission_public.cut", { cut: clock(found.cut), next: clock(found.next_cut) })),
      ...(has ? [...next(found, withheld, again), isNews ? publish : parts.empty(t("mission_public.settled"))] : [parts.empty(t("mission_public.nothing_next"))]), unsaid(found, withheld, again)), now(found));
    return found;
  }
  const found = await look();
  const about = t("mission_public.about", { n: found.now.delay_minutes, k: found.observers_needed });
  host.replaceChildren(make("p", "soft", about), told, body);
}
