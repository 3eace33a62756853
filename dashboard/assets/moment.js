/* A page that shows the past: its state, its banner, its address, and a link to the moment that never lies. */
(function (escrutinio) {
  "use strict";

  const { make } = escrutinio.dom;
  const URL_MS = 400; // browsers refuse addresses that change many times a second
  const page = () => document.getElementById("page");
  const whole = (stamp) => stamp.replace(/\.\d+Z$/, "Z");
  let state = {};
  let timer = null;

  /* An address at a moment, which a person can still read. */
  function at(href, moment) {
    const url = new URL(href);
    url.searchParams.set("at", moment);
    url.search = url.search.replace(/%3A/gi, ":").replace(/%2F/gi, "/");
    return url;
  }

  /* The values of the page's topic at its moment. */
  async function load() {
    const { topic } = page().dataset;
    const answer = await fetch(`${escrutinio.config.base}/state?topic=${encodeURIComponent(topic)}&at=${escrutinio.moment()}`);
    if (answer.ok) state = (await answer.json()).state;
    return state;
  }

  function banner() {
    const known = document.getElementById("moment");
    if (known) return known;
    const now = make("a", "button", escrutinio.t("past.now"));
    now.dataset.now = "";
    now.href = window.location.href; // before the address says a moment
    const copy = make("button", "quiet", escrutinio.t("past.copy"));
    copy.type = "button";
    copy.dataset.copy = "";
    const time = make("time", "n");
    const said = make("b", "", ...escrutinio.parts("past.banner", { at: [time] }));
    const element = make("aside", "moment", make("p", "", said, " ", escrutinio.t("past.why")), make("p", "pages", now, copy));
    element.id = "moment";
    element.setAttribute("aria-label", escrutinio.t("replay.title"));
    page().prepend(element);
    return element;
  }

  /* The address says the moment too, and so does every way on from here. */
  function readdress() {
    window.history.replaceState(window.history.state, "", at(window.location.href, escrutinio.moment()));
    page().dataset.path = escrutinio.page.here();
    for (const link of document.querySelectorAll("a[data-language]")) link.href = escrutinio.inLanguage(page().dataset.path, link.dataset.language);
  }

  /* From here on the page shows that moment: its numbers come from `values`, and nothing live is painted.
     `kind` is the standard's word for the count of then. */
  function enter(stamp, values, kind) {
    state = values;
    const time = banner().querySelector("time"); // the banner first: its way back is the address of now
    page().dataset.at = whole(stamp);
    time.setAttribute("datetime", whole(stamp));
    time.textContent = escrutinio.moments.fullClock(stamp, escrutinio.config.zone);
    escrutinio.status.recall(stamp, state[page().dataset.key], kind);
    clearTimeout(timer);
    timer = setTimeout(() => {
      readdress();
      escrutinio.outlook.refresh();
      escrutinio.why.refresh();
    }, URL_MS);
  }

  async function copy(button) {
    readdress();
    try {
      await navigator.clipboard.writeText(window.location.href);
      button.textContent = escrutinio.t("past.copied");
    } catch {
      button.replaceWith(make("span", "whole", escrutinio.t("past.link", { url: window.location.href })));
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
  });

  escrutinio.past = { at, enter, load, state: () => state };
})(window.escrutinio);
