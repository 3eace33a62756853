/* The status word, the three times, and the pause: two ages are always on screen, and never "live" while stale. */
import { moment } from "../text/addresses.js";
import { config } from "../text/config.js";
import { shown } from "../text/figures.js";
import { ago, clock, told } from "../text/moments.js";
import { parts, t } from "../text/words.js";

const TICK_MS = 1000;
let live = null;
let paused = false;
let onResume = () => {};

/* It shows something within the whole, of which the feed's times do not tell. */
function isPart() {
  const { key, whole } = document.getElementById("page").dataset;
  return key !== undefined && whole === undefined;
}
const serverNow = () => Date.now() + (live ? live.status().skew : 0);

function setTime(name, stamp, text) {
  const element = document.querySelector(`[data-time="${name}"]`);
  if (!element || !stamp) return;
  element.setAttribute("datetime", stamp);
  if (element.textContent !== text) element.textContent = text;
}

/* When the unit shown was last read, how long ago that is, and since when it has not changed. */
function setAnswer({ checked_at: checked, changed_at: changed }) {
  setTime("checked", checked, ago(checked, serverNow()));
  setTime("checked-clock", checked, clock(checked, serverNow(), config.zone));
  setTime("changed", changed, clock(changed, serverNow(), config.zone));
}

const written = (name) => document.querySelector(`[data-time="${name}"]`)?.getAttribute("datetime");

/* What is known of a part: as it stands there, or what was heard of it since. */
function answerOfPart(heard) {
  const checked = written("checked");
  const isNewer = heard && !paused && !(Date.parse(heard.checked_at) < Date.parse(checked));
  return isNewer ? heard : { checked_at: checked };
}

/* How it stands; of a source that is not read also why, where there is a word for it, and when it last was. */
function word(state, { note, checked_at: at } = {}) {
  const element = document.getElementById("status");
  if (!element) return;
  const own = `${state}_${note}`;
  const text = t(`status.${config.words.status[own] ? own : state}`, { at: clock(at, serverNow(), config.zone) });
  element.dataset.state = state;
  if (element.textContent !== text) element.textContent = text;
}

/* Why the figures may not be the newest, as the page says it from the first: hidden where there is nothing to say. */
function explain(feed) {
  const element = document.getElementById("feed-note");
  if (!element || !feed) return;
  const id = feed.note || feed.state;
  const figures = feed.figures || {};
  const at = figures.at && clock(figures.at, serverNow(), config.zone);
  const text = config.words.feed_note[id] ? t(`feed_note.${id}`, { ...figures, at }) : "";
  if (element.textContent !== text) element.textContent = text;
  element.hidden = !text;
}

function tick() {
  if (moment()) { word("past"); return; }
  const { phase, feed, answers } = live.status();
  if (paused) word("paused");
  else if (phase) word(phase, feed || config.feed);
  explain(feed);
  setAnswer(isPart() ? answerOfPart(answers?.[document.getElementById("page").dataset.key]) : feed || config.feed);
}

/* The page's own numbers changed: its source stamp and, below the whole, its times, unless it was only our own sum. */
export function changed(data) {
  const stamp = told(shown(data).source_at, serverNow());
  const isAnswered = !data.published || stamp !== written("source");
  setTime("source", stamp, clock(stamp, serverNow(), config.zone));
  const { movedAt } = live.status();
  if (isPart() && isAnswered && movedAt) setAnswer(answerOfPart({ checked_at: movedAt, changed_at: movedAt }));
}

/* The page went back to a moment: nothing ages any more. */
export function recall(at, data, kind) {
  const times = document.querySelector(".times");
  for (const element of document.querySelectorAll("#pause, .freshness > .note")) element.remove();
  for (const element of document.querySelectorAll("[data-count]")) element.textContent = t(`count.${kind}`);
  tick();
  if (!times) return;
  const stamp = told(shown(data).source_at, at);
  const written = (moment) => clock(moment, Date.parse(at), config.zone); // as it was told then
  times.replaceChildren(...parts("past.line", { source: written(stamp), changed: written(at) }));
}

function showPause(button) {
  button.setAttribute("aria-pressed", String(paused));
  button.textContent = t(paused ? "pause.resume" : "pause.pause");
  tick();
}

/* A page was shown: its pause button says what is true now. */
export function mount() {
  const button = document.getElementById("pause");
  if (!button) return;
  button.addEventListener("click", () => {
    paused = !paused;
    showPause(button);
    if (!paused) onResume();
  });
  showPause(button);
}

export function start(client, resume) {
  live = client;
  onResume = resume;
  live.on("status", tick);
  setInterval(tick, TICK_MS);
}

export const isPaused = () => paused;
