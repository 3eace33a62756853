/* Sets a page of the mission going: who is signed in, the bar, then the page's own view; or the way to sign in. */
(function (escrutinio) {
  "use strict";

  const { make } = escrutinio.dom;
  const { alerts, api, parts, session, views } = escrutinio.mission;
  const { t } = parts;
  const WORKER = "/mission/worker.js";
  const host = document.getElementById("mission");

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
    if (isRefused && error.status === 401) slot.append(session.doors());
    if (!isRefused) throw error;
  }

  async function show(member) {
    const name = host.dataset.desk;
    const body = make("div", "view");
    const bell = alerts.strip(member);
    host.replaceChildren(session.bar(member, name), bell, body);
    const standing = host.querySelector('[aria-current="page"]');
    if (standing) standing.scrollIntoView({ block: "nearest", inline: "center" });
    try {
      await views[name](body, member);
    } catch (error) {
      refuse(error, body);
    }
  }

  /* The form has to open where there is no network. */
  function keepForm() {
    if ("serviceWorker" in navigator) navigator.serviceWorker.register(WORKER, { scope: "/mission/" }).catch(() => {});
  }

  async function start() {
    document.body.addEventListener("click", leaveByDocument);
    document.body.addEventListener("click", keepChoices, true);
    keepForm();
    try {
      const member = await session.find();
      if (member) await show(member);
      else host.replaceChildren(session.doors());
    } catch (error) {
      refuse(error, host);
    } finally {
      host.dataset.ready = "true";
    }
  }

  start();
})(window.escrutinio);
