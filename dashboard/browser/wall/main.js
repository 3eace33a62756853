/* The board for a newsroom's wall: it follows the count, asks for its own page again when something moved, and shows one scene
   after the other. What cannot be heard is said, and since when; the numbers stay. */
import { stated, stateOf } from "../count/standing.js";
import { createLive } from "../live/client.js";
import { createTable } from "../live/table.js";
import { config, expose } from "../text/config.js";
import { clock } from "../text/moments.js";
import { createNews } from "./news.js";
import { createRotation } from "./rotation.js";
import * as screen from "./screen.js";

const TICK_MS = 1000;
const started = Date.now();
const { base, feed } = config;
const live = config.table ? createTable({ base, feed, ...config.table }) : createLive({ base, feed, topics: config.topics });
const rotation = createRotation();
const news = createNews(live.status, rotation.take);

function write(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

/* The state, and the times of the source: in the election's own zone, as the page wrote them. */
function tell() {
  const status = live.status();
  const known = status.feed || config.feed;
  const written = (stamp) => clock(new Date(stamp).toISOString(), Date.now() + status.skew, config.zone);
  for (const name of ["checked", "changed"]) {
    if (known[`${name}_at`]) write(document.querySelector(`[data-time="${name}"]`), written(known[`${name}_at`]));
  }
  const [state, since] = stateOf(status, started);
  const element = document.getElementById("state");
  if (!state || !element) return;
  element.className = state;
  write(element, stated(state, known, since ? written(since) : null));
}

function wake() {
  live.wake();
  news.ask();
}

expose({ client: live, rotation });
live.on("change", news.ask);
live.on("status", tell);
setInterval(tell, TICK_MS);
window.addEventListener("online", wake);
document.addEventListener("visibilitychange", () => { if (!document.hidden) wake(); });
rotation.start();
screen.start();
live.start();
