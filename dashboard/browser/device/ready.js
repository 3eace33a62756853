/* Whether an observer's pages open without network, and since when: what the service worker has kept of them. */
const KEPT = "mission-form";

/** The moment (ISO) as of which the form is kept in a language; null: it is not. @param {string} language */
export async function readySince(language) {
  try {
    const kept = await (await caches.open(KEPT)).match(`/mission/report?lang=${language}`);
    return kept ? new Date(kept.headers.get("date") || 0).toISOString() : null;
  } catch {
    return null; // a browser that keeps nothing
  }
}
