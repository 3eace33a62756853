/* What is being written in a form, kept on this device with every change: there again after a reload or an empty battery. */
import * as storage from "../device/storage.js";
import { make } from "../text/dom.js";
import { config } from "../text/config.js";
import { clock } from "../text/moments.js";
import { t } from "../text/words.js";
import * as parts from "./parts.js";

const SOON_MS = 300;
const UNKEPT = { full: "mission_draft.full", denied: "mission_draft.denied" };

/** That what stands in the form was written before, and the way to begin anew. */
export function restored(draft, discard) {
  const at = clock(draft.at, Date.now(), config.zone);
  return make("p", "note row", make("span", "", t("mission_draft.restored", { at })), parts.button(t("mission_draft.discard"), discard));
}

/* Keeps `read()`, null for nothing, under the name of now as `element` changes. `host` says what is not kept. */
export function keeper(name, element, read) {
  const host = parts.set(make("div"), { role: "status" });
  let timer = null;
  let reason = null; // why what stands in the form is not kept
  let isMissingPhotos = false;
  async function save() {
    stop();
    const draft = read();
    isMissingPhotos = false;
    if (draft === null) {
      await storage.dropDraft(name());
      reason = null;
    } else {
      reason = await storage.keepDraft(name(), draft);
      isMissingPhotos = Boolean(reason && draft.photos.length) && (await storage.keepDraft(name(), { ...draft, photos: [] })) === null;
    }
    tell();
  }
  function tell() {
    const said = isMissingPhotos ? t("mission_draft.no_photos") : reason ? t(UNKEPT[reason]) : "";
    if (host.textContent !== said) host.replaceChildren(...(said ? [make("p", "note amber", said)] : []));
  }
  function stop() {
    clearTimeout(timer);
    timer = null;
  }
  const soon = () => { timer ??= setTimeout(save, SOON_MS); };
  const atOnce = () => { if (timer !== null) save(); };
  element.addEventListener("input", soon);
  element.addEventListener("change", soon);
  document.addEventListener("visibilitychange", () => { if (document.hidden) atOnce(); });
  window.addEventListener("pagehide", atOnce);
  window.addEventListener("beforeunload", (event) => { if (reason && read() !== null) event.preventDefault(); });
  return { host, save, find: () => storage.findDraft(name()), stop() { stop(); reason = null; isMissingPhotos = false; tell(); } };
}
