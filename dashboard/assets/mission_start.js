/* Sets a page of the mission going: who is signed in, the bar, then the page's own view; or the way to sign in. */
(function (escrutinio) {
  "use strict";

  const { make } = escrutinio.dom;
  const { alerts, api, parts, session, views } = escrutinio.mission;
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

  function refuse(error) {
    host.replaceChildren(parts.failure(error));
    if (error.status === 401) host.append(session.doors());
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
      if (!(error instanceof api.Refused)) throw error;
      body.replaceChildren(parts.failure(error));
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
      if (!(error instanceof api.Refused)) throw error;
      refuse(error);
    }
    host.dataset.ready = "true";
  }

  start();
})(window.escrutinio);
