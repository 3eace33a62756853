/* Sets a page of the mission going: who is signed in, the bar, then the page's own view; or the way to sign in. */
import * as memory from "../device/memory.js";
import { make } from "../text/dom.js";
import { t } from "../text/words.js";
import * as alerts from "./alerts.js";
import * as api from "./api.js";
import { bar } from "./pages/bar.js";
import { keepPages, offers } from "./pages/installed.js";
import { VIEWS } from "./pages/views.js";
import * as parts from "./parts.js";
import * as session from "./session.js";

const host = document.getElementById("mission");
const offered = offers();

/* Pages of the mission load as documents: nothing of one stays behind in the next. */
function leaveByDocument(event) {
  if (event.target.closest("a[href]")) event.stopPropagation();
}

/* The other language keeps what the address has chosen. */
function keepChoices(event) {
  const other = event.target.closest("a[data-language]");
  if (!other) return;
  const query = new URLSearchParams(window.location.search);
  query.set("lang", other.dataset.language);
  other.href = `${window.location.pathname}?${query}`;
}

/* What went wrong, said where the page would be; a mistake of ours is said too, and goes on to the console. */
function refuse(error, slot) {
  const isRefused = error instanceof api.Refused;
  slot.replaceChildren(isRefused ? parts.failure(error) : make("p", "note amber", t("mission_error.page")));
  if (isRefused && error.status === 401) slot.append(session.doors(find));
  if (!isRefused) throw error;
}

async function show(member) {
  const isPassing = memory.isPassing(memory.DEVICE); // known to this page alone, which may not be left
  const name = isPassing ? "report" : host.dataset.desk;
  const body = make("div", "view");
  const bell = alerts.strip();
  host.replaceChildren(bar(member, name), offered, ...(isPassing ? [make("p", "note amber", t("mission_sign.passing"))] : []),
    ...(session.card ? [make("p", "note amber", t("mission_sign.card_unused"))] : []), bell, body);
  try {
    const open = async () => (await api.reached(VIEWS[name]())).view(body, member);
    await parts.patiently(body, open());
  } catch (error) {
    refuse(error, body);
  }
}

async function find() {
  const member = await session.find();
  if (member) await show(member);
  else host.replaceChildren(session.doors(find));
}

export async function start() {
  window.addEventListener("beforeunload", (event) => { if (memory.isPassing(memory.DEVICE)) event.preventDefault(); });
  document.body.addEventListener("click", leaveByDocument);
  document.body.addEventListener("click", keepChoices, true);
  keepPages().catch(() => {}); // a browser that keeps nothing; the form says so
  try {
    await find();
  } catch (error) {
    refuse(error, host);
  } finally {
    host.dataset.ready = "true";
  }
}
