/* The time machine: a slider over the versions of the page's numbers, with steps and playback. It moves headline, map and table. */
import { show as showCount } from "../count/store.js";
import { moment } from "../text/addresses.js";
import { config } from "../text/config.js";
import { button, make, select, set } from "../text/dom.js";
import { DASH, fields, lead, shown } from "../text/figures.js";
import { clock, told } from "../text/moments.js";
import { t } from "../text/words.js";
import { enter } from "./past.js";

const POSITIONS = 400; // of the slider
const STEP_MS = 700;
const CALM_MS = 1600; // for who asked for less motion
const AHEAD = 4;
const KEPT = 80;
const SPEEDS = [1, 2, 4];
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
const page = () => document.getElementById("page");
let points = [];
let states = new Map(); // seq → promise of the topic's state and status
let parts = null;
let playing = null;
let wanted = null;
let busy = false;

async function get(path) {
  const answer = await fetch(`${config.base}${path}`);
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.json();
}

function stateAt({ seq }) {
  if (!states.has(seq)) {
    const asked = get(`/state/${seq}?topic=${encodeURIComponent(page().dataset.topic)}`);
    asked.catch(() => states.delete(seq));
    states.set(seq, asked);
    if (states.size > KEPT) states.delete(states.keys().next().value);
  }
  return states.get(seq);
}

function described(point) {
  const count = shown(point);
  const shorts = config.lists.map((entry) => entry.short);
  const texts = fields(count, shorts);
  const shares = lead(count).order.slice(0, 2).map((index) => `${shorts[index]} ${texts[`share.${index}`]}`).join(", ");
  const at = clock(told(count.source_at, point.at) || point.at, Date.now(), config.zone);
  return t("replay.moment", { at, counted: count.counted, total: count.total, shares: shares || DASH });
}

function say(index) {
  const text = described(points[index]);
  parts.moment.textContent = text;
  parts.slider.setAttribute("aria-valuetext", text);
  parts.slider.value = String(index);
  parts.back.disabled = index === 0;
  parts.forward.disabled = index === points.length - 1;
}

/* Numbers of keys that had no value yet become dashes. */
function paint(state) {
  const standing = [...document.querySelectorAll("#page [data-area]")].map((element) => element.dataset.area);
  showCount([...new Set([...standing, ...Object.keys(state)])], state, true);
}

/* One request at a time, and then the newest wish: whoever drags asks for few of the moments passed over. */
async function show(index) {
  say(index);
  wanted = index;
  if (busy) return;
  busy = true;
  try {
    while (wanted !== null) {
      const own = wanted;
      wanted = null;
      const { state, status } = await stateAt(points[own]);
      enter(points[own].at, state, status);
      paint(state);
      for (let ahead = 1; playing && ahead <= AHEAD && own + ahead < points.length; ahead += 1) stateAt(points[own + ahead]).catch(() => {});
    }
  } catch (error) {
    console.warn(error);
    stop();
    parts.moment.textContent = t("replay.failed");
  } finally {
    busy = false;
  }
}

const index = () => Number(parts.slider.value);

function step(by) {
  show(Math.max(0, Math.min(points.length - 1, index() + by)));
}

function stop() {
  clearInterval(playing);
  playing = null;
  document.documentElement.classList.remove("replaying");
  if (parts) parts.play.textContent = `▶ ${t("replay.play")}`;
}

function play() {
  if (playing) { stop(); return; }
  if (index() === points.length - 1) show(0);
  document.documentElement.classList.add("replaying");
  parts.play.textContent = `■ ${t("replay.stop")}`;
  playing = setInterval(() => {
    if (!document.contains(parts.slider) || index() >= points.length - 1) { stop(); return; }
    if (!busy) step(1);
  }, (calm.matches ? CALM_MS : STEP_MS) / Number(parts.speed.value));
}

function build(host) {
  const end = points.length - 1;
  const slider = set(make("input"), { type: "range", min: 0, max: end, step: 1, value: end, "aria-label": t("replay.slider") });
  slider.addEventListener("input", () => { stop(); show(index()); });
  const speeds = SPEEDS.map((times) => [String(times), `${times}×`]);
  const speed = set(select(speeds, speeds[0][0]), { class: "quiet", "aria-label": t("replay.speed") });
  speed.addEventListener("change", () => { if (playing) { stop(); play(); } });
  const moment = make("p", "replay-moment n-lines");
  parts = {
    slider, speed, moment,
    back: set(button("‹", () => { stop(); step(-1); }), { "aria-label": t("replay.back") }),
    play: button(`▶ ${t("replay.play")}`, play),
    forward: set(button("›", () => { stop(); step(1); }), { "aria-label": t("replay.forward") }),
  };
  host.replaceChildren(moment, slider, make("div", "replay-buttons", parts.back, parts.play, parts.forward, speed));
}

/* Where the page stands: at its moment, or at the end. */
function place() {
  const at = moment();
  const earlier = at ? points.findLastIndex((point) => point.at.replace(/\.\d+Z$/, "Z") <= at) : points.length - 1;
  return Math.max(0, earlier);
}

async function open(host) {
  if (host.dataset.replay === page().dataset.key) return;
  host.dataset.replay = page().dataset.key;
  stop();
  host.replaceChildren(make("p", "soft", t("replay.loading")));
  try {
    const { points: found } = await get(`/timeline?key=${encodeURIComponent(page().dataset.key)}&most=${POSITIONS}`);
    points = found;
    states = new Map();
    if (points.length < 2) { host.replaceChildren(make("p", "soft", t("replay.short"))); return; }
    build(host);
    say(place());
  } catch (error) {
    console.warn(error);
    host.dataset.replay = "";
    host.replaceChildren(make("p", "note", t("replay.failed")));
  }
}

export function mount() {
  stop();
  const fold = document.getElementById("replay");
  if (!fold) return;
  const host = fold.querySelector("[data-replay]");
  fold.addEventListener("toggle", () => { if (fold.open) open(host); else stop(); });
  if (fold.open) open(host);
}
