/* Sharing: the page's address with the moment it shows, so that the link still says the same when others open it. */
import { status } from "../count/store.js";
import { button, make, set } from "../text/dom.js";
import { t } from "../text/words.js";

const SAID_MS = 4000;

/* What is on screen: the page's own moment, else now, or when the server was last heard; to the millisecond, since within a second
   another version may have come before it. */
function shownAt() {
  const { at } = document.getElementById("page").dataset;
  if (at) return at;
  const live = status();
  const lost = live && live.phase === "offline" && live.heardAt !== null;
  const moment = (lost ? live.heardAt : Date.now()) + (live ? live.skew : 0);
  return new Date(moment).toISOString();
}

function address() {
  const url = new URL(window.location.href);
  url.searchParams.set("at", shownAt());
  url.hash = "";
  return url.href.replace(/%3A/g, ":").replace(/%2F/g, "/");
}

async function copy(url) {
  try {
    await navigator.clipboard.writeText(url);
    return "share.copied";
  } catch {
    window.history.replaceState(window.history.state, "", url); // then the address bar has it
    return "share.failed";
  }
}

async function share(said) {
  const url = address();
  let told = null;
  if (navigator.share) {
    try {
      await navigator.share({ title: document.title, url });
      return;
    } catch (error) {
      if (error.name === "AbortError") return; // they changed their mind
    }
  }
  told = await copy(url);
  said.textContent = t(told);
  setTimeout(() => { said.textContent = ""; }, SAID_MS);
}

/* An arrow out of a box; on a phone it stands alone, its word only read out. */
function icon() {
  const [drawing, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  set(drawing, { viewBox: "0 0 16 16", "aria-hidden": "true" });
  set(path, { d: "M8 10V1.5M4.8 4.5 8 1.3l3.2 3.2M3 8v6h10V8" });
  drawing.append(path);
  return drawing;
}

export function start() {
  const said = set(make("span", "shared"), { role: "status" });
  const press = button([icon(), make("span", "", t("share.share"))], () => share(said), "quiet share-button");
  const language = document.querySelector("header.site .language");
  if (language) language.before(said, press);
}

