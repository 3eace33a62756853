/* What was written on this device (reports, responses to forms, copies of actas), kept until the server has it: sent once each,
   and counted on screen. */
import { make } from "../text/dom.js";
import { REPORT_LIMITS } from "../text/vocabulary.js";
import { t } from "../text/words.js";
import * as api from "./api.js";
import * as parts from "./parts.js";
import { known } from "./words.js";
import * as storage from "../device/storage.js";

export { isUnkept } from "../device/storage.js";

const NAME = "escrutinio-mission";
const RETRY_MS = [4000, 60000];
const LATER_MS = 600000; // the longest the server's own word is waited for
const FINAL = new Set([400, 403, 404, 409, 413, 415, 422]);
const OF_ALL = new Set([0, 401, 502, 503, 504]); // no line, nobody's session, or no server: the next would fare the same
const PASSING = new Set([401, 408, 425, 429]);
/* Sending the same again would change nothing; whoever is suspended may come in again. */
const isFinal = (error) => FINAL.has(error.status) && !error.isSuspended;
/* Words stay on the device whoever refuses them, also something on the way: so any refusal of them is told. */
const isRefused = (error) => error.status >= 400 && error.status < 500 && !PASSING.has(error.status) && !error.isSuspended;
const isOfAll = (error) => OF_ALL.has(error.status) || error.isSuspended;
const listeners = [];
const receivers = [];
let failed = () => {};
let timer = null;
let attempt = 0;
let later = ""; // why nothing more is sent just now, in words
let isSending = false;
let isAsked = false; // since the reports under way were chosen

async function keep(report, draft = null) {
  const reason = await storage.keep(report, draft);
  await changed();
  return reason;
}

export async function drop(key) {
  await storage.drop(key);
  await changed();
}

/* What is in, and stays to say which of its photos are not. */
const waits = (report) => !report.isIn;

export const count = async () => (await storage.all()).filter(waits).length;

async function changed() {
  const reports = await storage.all();
  listeners.forEach((listener) => listener(reports));
}

/* A name that no other device and no other moment gives. */
function freshKey() {
  const bytes = window.crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* Kept before anything is sent, in the place of the draft it was: from here on it cannot be lost by a network. Where the device
   keeps nothing, it is sent from this page: then why it was not kept is what comes back. A photo is a picture, or {question, blob}.
   `more`: its kind ("report", "response", "copy"), and what else that kind needs: where it goes `to`, what it is called (`name`). */
export async function add(by, body, photos, draft, more = {}) {
  const reason = await keep({ key: freshKey(), by, body, photos, at: new Date().toISOString(), id: null, error: null, ...more }, draft);
  storage.guard();
  send();
  return reason;
}

/* --- sending --- */

/* Why a photo is not taken, in words for whoever took it. */
const whyNot = (error) => (known("photo_refused", error.status) ? t(`photo_refused.${error.status}`, { mb: REPORT_LIMITS.most_photo_mb, most: REPORT_LIMITS.most_photos }) : error.sentence);

const blobOf = (photo) => (photo instanceof Blob ? { blob: photo } : photo);

async function sendBody(report) {
  try {
    const { id, received_at } = await api.send(report);
    Object.assign(report, { id, received_at });
  } catch (error) {
    if (!(error instanceof api.Refused) || !isRefused(error)) throw error;
    Object.assign(report, { error: error.sentence, asksTime: error.asksTime });
  }
  await keep(report);
}

/* What it belongs to is in: a photo that is not taken is named, and the others follow. */
async function sendPhoto(report) {
  const [photo] = report.photos;
  try {
    await api.addPhoto(report, blobOf(photo));
  } catch (error) {
    if (!isFinal(error)) throw error;
    report.refused = [...(report.refused || []), { name: blobOf(photo).blob.name || "", why: whyNot(error) }];
  }
  report.photos = report.photos.slice(1);
  await keep(report);
}

async function advance(report) {
  if (!report.id) await sendBody(report);
  else if (report.photos.length) await sendPhoto(report);
  if (!report.id || report.photos.length) return;
  if (report.refused) await keep({ ...report, isIn: true });
  else await drop(report.key);
  receivers.forEach((receiver) => receiver(report));
}

/* What has a limit of its own: a kind of what is written; the photos of all kinds together. */
const laneOf = (report) => (report.id ? "photos" : report.kind);

/* What is written goes before any photo, also what is written while photos are on their way: a thin line carries words for hours.
   Of what the server takes no more of for now, or stumbles over, the others do not wait; that is what is thrown then. */
async function sendAll(by) {
  const held = new Set();
  let failure = null;
  for (;;) {
    const own = (await storage.all()).filter((each) => each.by === by && !each.error && waits(each) && !held.has(each.key) && !held.has(laneOf(each)));
    const report = own.find((each) => !each.id) || own[0];
    if (!report) break;
    try {
      await advance(report);
    } catch (error) {
      if (!(error instanceof api.Refused) || isOfAll(error)) throw error;
      failure ??= error;
      held.add(error.status === 429 ? laneOf(report) : report.key);
    }
  }
  if (failure) throw failure;
}

/* One tab at a time; a second one would only make the server say that it has it already. */
async function alone(task) {
  let isBegun = false;
  const begin = () => { isBegun = true; return task(); };
  try {
    await (navigator.locks ? navigator.locks.request(NAME, begin) : begin());
  } catch (error) {
    if (isBegun) throw error;
    await task(); // a browser that keeps nothing has no locks either
  }
}

export async function send() {
  isAsked = true;
  if (isSending || !sender) return;
  isSending = true;
  clearTimeout(timer);
  try {
    while (isAsked) {
      isAsked = false;
      await alone(() => sendAll(sender));
    }
    attempt = 0;
    later = "";
  } catch (error) {
    if (!(error instanceof api.Refused)) throw error;
    const pause = Math.max(Math.min(RETRY_MS[1], RETRY_MS[0] * 2 ** attempt), Math.min(LATER_MS, error.retryMs));
    attempt += 1;
    later = error.status === 429 ? t("mission_queue.later", { wait: error.minutes }) : error.isSuspended ? error.sentence : "";
    await changed();
    failed();
    // Last: who asks while the device is read is heard, and the timer finds nothing under way.
    if (error.status !== 401) timer = setTimeout(send, isAsked ? 0 : pause);
  } finally {
    isSending = false;
  }
}

let sender = null;

/* From now on, on behalf of that member: at once, when the network is back, and again later after a failure. */
export function start(member) {
  sender = member.name || member.pseudonym;
  window.addEventListener("online", () => { attempt = 0; send(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  window.addEventListener("beforeunload", (event) => { if (storage.hasUnkept()) event.preventDefault(); });
  changed();
  send();
  return sender;
}

export const retry = async (report) => { await keep({ ...report, error: null, asksTime: false }); send(); };
export const confirmTime = (report) => retry({ ...report, body: { ...report.body, is_time_confirmed: true } });
export const onChange = (listener) => listeners.push(listener);
/* Hears when nothing more is sent for now. */
export const onFailure = (listener) => { failed = listener; };
/* Hears of each report that is in, with its photos. */
export const onReceived = (receiver) => receivers.push(receiver);

/* "2 sin enviar": nothing where there is nothing. */
export function badge() {
  const host = parts.set(make("p", "unsent note amber"), { role: "status" });
  host.hidden = true;
  onChange((reports) => {
    const own = reports.filter((report) => report.by === sender && waits(report)).length;
    host.hidden = own === 0;
    host.textContent = own ? [t("mission_queue.unsent", { n: own }), later].filter(Boolean).join(". ") : "";
  });
  return host;
}
