/* The service worker of /mission/: keeps the observer's form, which holds no data, so that it opens without network.
   Only the form's own page and the scripts and styles it names are kept; nothing of the API, nothing of any other page. */

const KEPT = "mission-form";
const FORM = "/mission/report";
const PIECES = /(?:src|href)="(\/(?:assets|bundle)\/[^"]+)"/g;
const { LANGUAGES } = self; // set by dashboard/worker.py, the default first
const PATIENCE_MS = 4000;

const isForm = (request) => request.mode === "navigate" && new URL(request.url).pathname === FORM;
const isPiece = (url) => url.origin === self.location.origin && /^\/(assets|bundle)\//.test(url.pathname);
/* One page a language; what else the address says (a flag, a place) is read by the page's own script. */
const nameOf = (request) => `${FORM}?lang=${new URL(request.url).searchParams.get("lang") || LANGUAGES[0]}`;

/* The page and all its pieces, or nothing: half a form would not open. */
async function keep(name, answer) {
  const text = await answer.text();
  const pieces = [...text.matchAll(PIECES)].map((found) => found[1].replaceAll("&amp;", "&"));
  const cache = await caches.open(KEPT);
  const fresh = [];
  for (const piece of pieces) if (!(await cache.match(piece))) fresh.push(piece);
  await cache.addAll(fresh);
  await cache.put(name, new Response(text, { headers: answer.headers }));
  if (fresh.length) await forget(cache, [...pieces, name]);
}

/* A new version: what belongs to the old one goes, the page in the other language too. */
async function forget(cache, standing) {
  for (const request of await cache.keys()) {
    const url = new URL(request.url);
    if (!standing.includes(url.pathname + url.search)) await cache.delete(request);
  }
}

const late = () => new Promise((_, reject) => { setTimeout(() => reject(new Error("late")), PATIENCE_MS); });

async function form(event) {
  const name = nameOf(event.request);
  const asked = fetch(event.request);
  try {
    const answer = await Promise.race([asked, late()]);
    if (answer.ok) event.waitUntil(keep(name, answer.clone()).catch(() => {}));
    return answer;
  } catch {
    const kept = await (await caches.open(KEPT)).match(name);
    return kept || asked;
  }
}

async function piece(request) {
  const kept = await (await caches.open(KEPT)).match(request);
  return kept || fetch(request);
}

/* The first visit was made without this worker: the form is fetched once more, now to be kept. */
async function first() {
  for (const language of LANGUAGES) {
    const name = `${FORM}?lang=${language}`;
    const answer = await fetch(name);
    if (answer.ok) await keep(name, answer);
  }
}

self.addEventListener("install", (event) => {
  event.waitUntil(first().catch(() => {}).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  if (isForm(event.request)) event.respondWith(form(event));
  else if (isPiece(new URL(event.request.url))) event.respondWith(piece(event.request));
});
