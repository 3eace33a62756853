/* The service worker of /mission: keeps the pages an observer needs, which hold no data, so that they open without network.
   Only those pages and the scripts and styles they name are kept; nothing of the API, nothing of any other page. */

const KEPT = "mission-form";
const PIECES = /(?:src|href)="(\/(?:assets|bundle)\/[^"]+)"/g;
const { LANGUAGES, PAGES } = self; // set by dashboard/worker.py: the default language first, and the paths of those pages
const PATIENCE_MS = 4000;

const isPage = (request) => request.mode === "navigate" && PAGES.includes(new URL(request.url).pathname);
const isPiece = (url) => url.origin === self.location.origin && /^\/(assets|bundle)\//.test(url.pathname);
/* One page a language; what else the address says (a flag, a place) is read by the page's own script. */
function nameOf(request) {
  const { pathname, searchParams } = new URL(request.url);
  return `${pathname}?lang=${searchParams.get("lang") || LANGUAGES[0]}`;
}

const piecesOf = (text) => [...text.matchAll(PIECES)].map((found) => found[1].replaceAll("&amp;", "&"));

/* A browser may hand out what it has for some seconds more: that would be the version before. */
const asServed = (name) => fetch(name, { cache: "no-cache" });

/* All the pages and all their pieces, or nothing: half a page would not open. What belongs to an old version goes. */
async function refresh() {
  const cache = await caches.open(KEPT);
  const pages = new Map();
  for (const name of PAGES.flatMap((page) => LANGUAGES.map((language) => `${page}?lang=${language}`))) {
    const answer = await asServed(name);
    if (!answer.ok) return;
    pages.set(name, new Response(await answer.text(), { headers: answer.headers }));
  }
  const texts = await Promise.all([...pages.values()].map((page) => page.clone().text()));
  const standing = new Set([...pages.keys(), ...texts.flatMap(piecesOf)]);
  for (const piece of standing) if (!pages.has(piece) && !(await cache.match(piece))) await cache.add(piece);
  for (const [name, page] of pages) await cache.put(name, page);
  for (const request of await cache.keys()) {
    const url = new URL(request.url);
    if (!standing.has(url.pathname + url.search)) await cache.delete(request);
  }
  // An open page compares: it may be of the version before.
  for (const page of await self.clients.matchAll({ includeUncontrolled: true })) page.postMessage({ standing: [...standing] });
}

/* A page as it was just served; one of a new version brings the others along. */
async function keep(name, answer) {
  const text = await answer.text();
  const cache = await caches.open(KEPT);
  for (const piece of piecesOf(text)) if (!(await cache.match(piece))) { await refresh(); return; }
  await cache.put(name, new Response(text, { headers: answer.headers }));
}

/* A page that is open for long asks whether there is another version by now. */
async function look() {
  const name = `${PAGES[0]}?lang=${LANGUAGES[0]}`;
  const answer = await asServed(name);
  if (answer.ok) await keep(name, answer);
}

const late = () => new Promise((_, reject) => { setTimeout(() => reject(new Error("late")), PATIENCE_MS); });

async function page(event) {
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

self.addEventListener("install", (event) => {
  event.waitUntil(refresh().catch(() => {}).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => { if (event.data === "look") event.waitUntil(look().catch(() => {})); });
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  if (isPage(event.request)) event.respondWith(page(event));
  else if (isPiece(new URL(event.request.url))) event.respondWith(piece(event.request));
});
