/* Requests of a signed-in member: the session cookie or the device's token, errors as sentences, photos as blobs. */
(function (escrutinio) {
  "use strict";

  const BASE = "/api/v1/mission";
  const INTAKE = "/api/v1/incidents";
  const MEMBER = "escrutinio.member"; // who signed in here: a name and a role, no secret
  const DEVICE = "escrutinio.device"; // the token of an observer's phone
  const KNOWN = new Set([400, 401, 403, 404, 409, 413, 415, 422, 429, 503]);
  const TOLD = new Set([400, 409, 413, 415, 422]); // what the server says helps here
  const ANSWER_MS = 60000;
  const UPLOAD_MS = 300000; // a photo over a thin line

  class Refused extends Error {
    constructor(status, detail) {
      super(`${status}`);
      this.status = status;
      this.detail = detail || "";
    }

    get sentence() {
      if (!this.status) return escrutinio.t("mission_error.offline");
      if (this.status === 422 && this.detail.startsWith("place: this count")) return escrutinio.t("mission_error.place");
      const said = escrutinio.t(`mission_error.${KNOWN.has(this.status) ? this.status : "other"}`);
      return TOLD.has(this.status) && this.detail ? `${said} (${this.detail})` : said;
    }
  }

  /* --- what this browser remembers --- */

  function remembered(name) {
    try {
      return JSON.parse(window.localStorage.getItem(name));
    } catch {
      return null;
    }
  }

  function remember(name, value) {
    try {
      if (value === null) window.localStorage.removeItem(name);
      else window.localStorage.setItem(name, JSON.stringify(value));
    } catch {
      // A browser that keeps nothing asks again on the next page.
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
    if (answer.ok) return answer;
    const said = await answer.json().catch(() => ({}));
    throw new Refused(answer.status, said.detail);
  }

  /* A line may break before an answer or in the middle of it, or never bring one. */
  async function reached(step) {
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

  async function blobUrl(path, options) {
    return URL.createObjectURL(await reached((await request("GET", path, options)).blob()));
  }

  const query = (values) => {
    const given = Object.entries(values || {}).filter(([, value]) => value !== "" && value !== null && value !== undefined);
    return given.length ? `?${new URLSearchParams(given)}` : "";
  };
  const get = (path, values) => json("GET", `${BASE}/${path}${query(values)}`);
  const post = (path, body = {}) => json("POST", `${BASE}/${path}`, { body });
  const remove = (path) => json("DELETE", `${BASE}/${path}`);
  /* The public count, which needs nobody's name. */
  const count = (path) => json("GET", `${escrutinio.config.base}/${path}`);

  /* A report: the same key, however often it is sent, makes one incident. */
  const report = (key, body) => json("POST", INTAKE, { body, headers: { "Idempotency-Key": key } });
  const addPhoto = (id, blob) => json("POST", `${BASE}/incidents/${encodeURIComponent(id)}/photos`, { body: blob, type: blob.type });

  /* The address of a photo's bytes, in this page only. */
  const photo = (id, hash) => blobUrl(`${BASE}/incidents/${encodeURIComponent(id)}/photos/${encodeURIComponent(hash)}`);

  /* A file that only a member may have, saved as the browser saves files. */
  async function save(path, values, name) {
    const link = document.createElement("a");
    link.href = await blobUrl(`${BASE}/${path}${query(values)}`, { headers: { Accept: "*/*" } });
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  escrutinio.mission = {
    views: {},
    api: { Refused, get, post, remove, count, report, addPhoto, photo, save, query },
    memory: { MEMBER, DEVICE, remembered, remember },
  };
})(window.escrutinio);
