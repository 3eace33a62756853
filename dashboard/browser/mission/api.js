/* Requests of a signed-in member: the session cookie or the device's token, errors as sentences, photos as blobs. */
import { config } from "../text/config.js";
import { REPORT_LIMITS } from "../text/vocabulary.js";
import { t } from "../text/words.js";
import * as clock from "../device/clock.js";
import { DEVICE, remembered } from "../device/memory.js";

const BASE = "/api/v1/mission";
const INTAKE = "/api/v1/incidents";
const KNOWN = new Set([400, 401, 403, 404, 409, 413, 415, 422, 429, 503]);
const TOLD = new Set([400, 409, 413, 415, 422]); // what the server says helps here
const ANSWER_MS = 60000;
const UPLOAD_MS = 300000; // a photo over a thin line

export class Refused extends Error {
  constructor(status, detail, retryS = 0) {
    super(`${status}`);
    this.status = status;
    this.detail = detail || "";
    this.retryMs = 1000 * retryS; // the server's word; 0: it gave none
  }

  get minutes() { return Math.max(1, Math.ceil(this.retryMs / 60000)); }

  /* Whoever asks may not come in for now: what is kept is sent when that is over. */
  get isSuspended() { return this.status === 403 && this.detail.startsWith("suspended:"); }

  /* The server doubts the time of a report, and takes it once that is confirmed. */
  get asksTime() { return this.status === 422 && this.detail.startsWith("is_time_confirmed:"); }

  /* Somebody else decided, or new was said, after what is decided upon was read. */
  get isMoved() { return this.status === 409 && this.detail.startsWith("seen:"); }

  get sentence() {
    if (!this.status) return t("mission_error.offline");
    if (this.asksTime) return t("mission_error.time");
    if (this.isMoved) return t("mission_error.moved");
    if (this.status === 422 && this.detail.startsWith("to:")) return t("mission_messages.reaches_nobody");
    if (this.isSuspended) return t("mission_error.suspended");
    if (this.status === 422 && this.detail.startsWith("place: this count")) return t("mission_error.place");
    const said = t(`mission_error.${KNOWN.has(this.status) ? this.status : "other"}`, { mb: REPORT_LIMITS.most_photo_mb, wait: this.minutes });
    return TOLD.has(this.status) && this.detail ? `${said} (${this.detail})` : said;
  }
}

/* --- requests --- */

async function request(method, path, { body, headers = {}, type = "application/json" } = {}) {
  const device = remembered(DEVICE);
  const given = { Accept: "application/json", ...headers };
  if (device) given.Authorization = `Bearer ${device.token}`;
  if (body !== undefined) given["Content-Type"] = type;
  const isUpload = body instanceof Blob;
  const sent = body === undefined || isUpload ? body : JSON.stringify(body);
  const signal = AbortSignal.timeout(isUpload ? UPLOAD_MS : ANSWER_MS);
  const answer = await reached(fetch(path, { method, headers: given, body: sent, signal, credentials: "same-origin", cache: "no-store" }));
  if (!path.startsWith(config.base)) clock.hear(answer); // what others may keep tells no time of now
  if (answer.ok || answer.status === 304) return answer;
  const said = await answer.json().catch(() => ({}));
  throw new Refused(answer.status, said.detail, Number(answer.headers.get("Retry-After")) || 0);
}

/* A line may break before an answer or in the middle of it, or never bring one. */
export async function reached(step) {
  try {
    return await step;
  } catch {
    throw new Refused(0);
  }
}

async function json(method, path, options) {
  const answer = await request(method, path, options);
  return answer.status === 204 ? null : reached(answer.json());
}

/* {etag, value}: what was had `before`, while the server says that it is the same. */
async function newer(path, before) {
  const answer = await request("GET", path, { headers: before?.etag ? { "If-None-Match": before.etag } : {} });
  if (answer.status === 304) return before;
  return { etag: answer.headers.get("ETag"), value: await reached(answer.json()) };
}

async function blobUrl(path, options) {
  return URL.createObjectURL(await reached((await request("GET", path, options)).blob()));
}

export const query = (values) => {
  const given = Object.entries(values || {}).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return given.length ? `?${new URLSearchParams(given)}` : "";
};
export const get = (path, values) => json("GET", `${BASE}/${path}${query(values)}`);
/* What is asked for again and again: while it is the same, the server says no more than that. */
const known = new Map();
export async function poll(path) {
  const found = await newer(`${BASE}/${path}`, known.get(path));
  known.set(path, found);
  return found.value;
}
/** The same, {etag, value}, where it was asked for `before`. */
export const getSince = (path, before) => newer(`${BASE}/${path}`, before);
export const post = (path, body = {}) => json("POST", `${BASE}/${path}`, { body });
/* The same key, however often it is sent, is done once. */
export const postOnce = (path, body, key) => json("POST", `${BASE}/${path}`, { body, headers: { "Idempotency-Key": key } });
export const remove = (path) => json("DELETE", `${BASE}/${path}`);
/* The public count, which needs nobody's name. */
export const count = (path) => json("GET", `${config.base}/${path}`);
/** The same, {etag, value}, where it was asked for `before`. */
export const countSince = (path, before) => newer(`${config.base}/${path}`, before);

/* Where each kind of what a phone sends goes, and where its photos go once it is in. */
const INTAKES = {
  report: { path: () => INTAKE, photos: ({ id }) => `incidents/${encodeURIComponent(id)}/photos` },
  response: { path: () => `${BASE}/responses`, photos: ({ id }, { question }) => `responses/${encodeURIComponent(id)}/photos${query({ question })}` },
  copy: { path: ({ to }) => `${BASE}/quick-counts/${encodeURIComponent(to)}/copies`, photos: ({ to, id }) => `quick-counts/${encodeURIComponent(to)}/copies/${encodeURIComponent(id)}/photos` },
};

/* What was written on a phone: the same key, however often it is sent, is taken once. */
export const send = (item) => json("POST", INTAKES[item.kind].path(item), { body: item.body, headers: { "Idempotency-Key": item.key, "Device-Time": new Date().toISOString() } });
export const addPhoto = (item, { question, blob }) => json("POST", `${BASE}/${INTAKES[item.kind].photos(item, { question })}`, { body: blob, type: blob.type });

/* A table of a spreadsheet, the very bytes of its file. */
export const sendTable = (path, bytes, values) => json("POST", `${BASE}/${path}${query(values)}`, { body: new Blob([bytes]), type: "text/csv" });

/* The address of a photo's bytes, in this page only. */
export const photo = (id, hash) => blobUrl(`${BASE}/incidents/${encodeURIComponent(id)}/photos/${encodeURIComponent(hash)}`);

/* The address of a picture's bytes, likewise. */
export const picture = (path) => blobUrl(`${BASE}/${path}`);

/* A file that only a member may have, saved as the browser saves files. */
export async function save(path, values, name) {
  const link = document.createElement("a");
  link.href = await blobUrl(`${BASE}/${path}${query(values)}`, { headers: { Accept: "*/*" } });
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
