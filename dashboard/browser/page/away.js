/* While the server is away a tap leaves the numbers on screen: the page it asks for is loaded once the server answers. */
import { status } from "../count/store.js";
import { t } from "../text/words.js";

const RETRY_MS = 3000;
const ERRORS = 500; // statuses from here on are no page
let wanted = null;

/* The line was there and is not now. */
export function isAway() {
  const known = status();
  return known !== null && known.transport === null && known.heardAt !== null;
}

async function answers(url) {
  const answer = await fetch(url, { cache: "no-store" }).catch(() => null);
  return answer !== null && answer.status < ERRORS;
}

function tell() {
  const notice = document.getElementById("notice");
  notice.hidden = false;
  notice.textContent = t("away.waiting");
}

async function attempt() {
  const own = wanted;
  if (await answers(own)) {
    wanted = null;
    window.location.assign(own);
  } else {
    tell();
    setTimeout(attempt, RETRY_MS * (0.5 + Math.random()));
  }
}

/* The document of an address as soon as it can be had; of several wishes the newest. */
export function insist(address) {
  const isWaiting = wanted !== null;
  wanted = new URL(address, window.location.href).href;
  if (!isWaiting) attempt();
}

/* The same; at once while the line is there. */
export function load(address) {
  if (isAway()) insist(address);
  else window.location.assign(address);
}
