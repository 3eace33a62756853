/* Follows the count for an embed: what cannot be heard is said, and since when; the numbers stay. */
import { createLive } from "../live/client.js";
import { askAgain, lag } from "../count/said.js";
import { stated, stateOf } from "../count/standing.js";
import { config, expose } from "../text/config.js";
import { shown } from "../text/figures.js";
import { told } from "../text/moments.js";
import { t } from "../text/words.js";
import { lacks, paint } from "./paint.js";

const TICK_MS = 1000;
const SIMULATED = { none: null, stale: "stale", down: "offline" };
const started = Date.now();
const live = createLive({ base: config.base, feed: config.feed, topics: [config.topic] });
let simulated = null;

const serverNow = () => Date.now() + live.status().skew;

/* "13 jun 2026, 14:05": as dashboard/embed/scene.py writes it. */
function dated(stamp) {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: config.zone, year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  const part = Object.fromEntries(format.formatToParts(new Date(stamp)).map((each) => [each.type, each.value]));
  return `${Number(part.day)} ${t("embed.months").split(" ")[part.month - 1]} ${part.year}, ${part.hour}:${part.minute}`;
}

function setTime(name, stamp) {
  const element = document.querySelector(`[data-time="${name}"]`);
  if (!element || !stamp) return;
  element.setAttribute("datetime", new Date(stamp).toISOString());
  const text = dated(stamp);
  if (element.textContent !== text) element.textContent = text;
}

const written = (name) => document.querySelector(`[data-time="${name}"]`)?.getAttribute("datetime");

/* When what is shown was last read and last changed; what is older than what stands there was overtaken. */
function setAnswer(answer) {
  if (!answer || Date.parse(answer.checked_at) < Date.parse(written("checked"))) return;
  setTime("checked", answer.checked_at);
  setTime("changed", answer.changed_at);
}

function tell() {
  const status = live.status();
  const known = status.feed || config.feed;
  setAnswer(config.is_whole ? known : status.answers[config.key]);
  const element = document.getElementById("state");
  const [state, since] = simulated ? [simulated, simulated === "offline" ? serverNow() : known.checked_at] : stateOf(status, started);
  if (!element || !state) return;
  const text = stated(state, known, since ? dated(since) : null);
  const said = simulated ? t("embed_live.simulated", { text }) : text;
  if (element.textContent !== said) element.textContent = said;
  element.className = `badge ${state}`;
}

/* What the contest's rule says is asked of the server again, as the dashboard does. */
function about() {
  const { epoch, seq } = live.status();
  return { key: config.key, lang: config.language, ...(config.contest ? { contest: config.contest } : {}), epoch: epoch ?? "", seq: String(seq) };
}

function changed({ keys, reason, state, seq }) {
  if (keys.includes(config.key) && lacks(state[config.key])) { window.location.reload(); return; }
  const own = keys.filter((key) => state[key] && paint(key, state[key])).length > 0;
  document.querySelector("[data-version]").textContent = seq;
  if (!own) return;
  lag(about());
  askAgain(about);
  const { movedAt } = live.status();
  const stamp = told(shown(state[config.key]).source_at, serverNow());
  const isAnswered = !state[config.key].published || Date.parse(stamp) !== Date.parse(written("source"));
  setTime("source", stamp);
  if (reason === "delta" && !config.is_whole && isAnswered && movedAt) setAnswer({ checked_at: movedAt, changed_at: movedAt });
}

/* The customiser, served beside this page, may ask how a silent source looks. */
function listen({ origin, data }) {
  if (origin !== window.location.origin || !data || data.type !== "escrutinio.simulate" || !Object.hasOwn(SIMULATED, data.state)) return;
  simulated = SIMULATED[data.state];
  tell();
}

/* A tap on an area says its numbers below the map; the table says them all. */
function choose({ target }) {
  const group = target.closest("[data-map]");
  const chosen = document.getElementById("chosen");
  if (!group || !chosen) return;
  chosen.textContent = group.querySelector("title").textContent;
  chosen.hidden = false;
}

document.documentElement.classList.add("js-live");
expose({ client: live });
live.on("change", changed);
live.on("status", tell);
setInterval(tell, TICK_MS);
window.addEventListener("message", listen);
window.addEventListener("online", () => live.wake());
document.addEventListener("visibilitychange", () => { if (!document.hidden) live.wake(); });
document.addEventListener("click", choose);
live.start();
