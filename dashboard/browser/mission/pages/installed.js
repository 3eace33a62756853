/* The mission as an application: its pages kept by a service worker, a newer version of them, and installing it on a phone. */
import { remember, remembered } from "../../device/memory.js";
import { make, set } from "../../text/dom.js";
import { t } from "../../text/words.js";
import { button } from "../parts.js";

const WORKER = "/mission/worker.js";
const DECLINED = "escrutinio.install"; // whoever said no is not asked again
const LOOK_MS = 30 * 60 * 1000;
/* What stands in every page of one version. */
const OWN = 'script[defer][src^="/bundle/"], script[data-entry], link[rel="stylesheet"][href^="/bundle/"]';

/* The observers' pages have to open where there is no network. An earlier version answered for less of them. */
export async function keepPages() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register(WORKER, { scope: "/mission" });
  const earlier = await navigator.serviceWorker.getRegistrations();
  for (const each of earlier) if (new URL(each.scope).pathname === "/mission/") await each.unregister();
}

const isOlderThan = (standing) => [...document.querySelectorAll(OWN)].some((piece) => !standing.includes(piece.getAttribute("src") || piece.getAttribute("href")));

const look = () => { if (!document.hidden) navigator.serviceWorker.controller?.postMessage("look"); };

function offer(text, ...buttons) {
  return make("p", "note row", make("span", "", text), ...buttons);
}

/* An element that says, when it is so, that there is a newer version, or that the browser would install this one. */
export function offers() {
  const host = set(make("div", "stack offers"), { role: "status" });
  navigator.serviceWorker?.addEventListener("message", ({ data }) => {
    if (data.standing && isOlderThan(data.standing)) host.replaceChildren(offer(t("mission_app.new"), button(t("mission_app.update"), () => window.location.reload())));
  });
  if (navigator.serviceWorker) {
    document.addEventListener("visibilitychange", look);
    setInterval(look, LOOK_MS);
  }
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault(); // the browser's own banner
    if (remembered(DECLINED) || host.childElementCount) return;
    const leave = () => host.replaceChildren();
    host.replaceChildren(offer(t("mission_app.offer"), button(t("mission_app.install"), () => { leave(); event.prompt(); }),
      button(t("mission_app.later"), () => { remember(DECLINED, true); leave(); })));
  });
  return host;
}
