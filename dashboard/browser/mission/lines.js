/* One incident in one line: how bad, what, where, how long it waits; the same in the desk, the list and the board. */
import { make } from "../text/dom.js";
import { t } from "../text/words.js";
import * as parts from "./parts.js";
import { link } from "./parts.js";
import * as words from "./words.js";

export const pathOf = (incident) => `/mission/incident?id=${encodeURIComponent(incident.id)}`;

/* How long it has waited for somebody to verify it. */
function waits(incident) {
  const stamp = incident.received_at;
  if (!words.isUnverified(incident)) return parts.time(stamp, false);
  const text = t("mission_list.waits", { age: parts.age(stamp) });
  return parts.set(make("time", "n waits", text), { datetime: stamp });
}

/* That it counts nowhere, where whoever looks may know. */
export const aside = (incident) => (incident.is_set_aside ? [make("span", "incident-state rejected", t("mission_aside.mark"))] : []);

export function line(incident) {
  const title = link(words.category(incident.category), pathOf(incident));
  const place = make("span", "soft where", words.where(incident));
  return make("li", "incident-line",
    words.severity(incident.severity), make("span", "what", title, place, ...aside(incident)), words.standing(incident), waits(incident),
    make("span", "soft by", incident.reporter || ""));
}

export const list = (incidents, none) => (incidents.length ? make("ol", "incident-list", ...incidents.map(line)) : parts.empty(none));

function card(incident) {
  return make("li", "incident-card",
    make("p", "", words.severity(incident.severity), " ", waits(incident)),
    ...(words.isBetweenVoices(incident) ? [make("p", "", words.standing(incident))] : []),
    make("p", "", link(words.category(incident.category), pathOf(incident))),
    make("p", "soft", words.where(incident)), ...aside(incident));
}

/* Columns by state, each with its number; empty ones stay, so that the board keeps its shape. */
export function board(incidents, states) {
  const column = (state) => {
    const own = incidents.filter((incident) => incident.state === state);
    const head = make("h2", "", words.state(state), " ", make("span", "soft n", String(own.length)));
    return make("section", "column", head, make("ol", "", ...own.map(card)));
  };
  const columns = make("div", "board", ...states.map(column));
  return parts.set(columns, { role: "region", tabindex: 0, "aria-label": t("mission_list.board") });
}
