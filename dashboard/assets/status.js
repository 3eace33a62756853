/* The status word, the three times, and the pause: two ages are always on screen, and never "live" while stale. */
(function (escrutinio) {
  "use strict";

  const { ago, clock } = escrutinio.moments;
  const TICK_MS = 1000;
  let live = null;
  let paused = false;
  let onResume = () => {};

  const serverNow = () => Date.now() + (live ? live.status().skew : 0);

  function setTime(name, stamp, text) {
    const element = document.querySelector(`[data-time="${name}"]`);
    if (!element || !stamp) return;
    element.setAttribute("datetime", stamp);
    if (element.textContent !== text) element.textContent = text;
  }

  function word(state) {
    const element = document.getElementById("status");
    if (!element || element.dataset.state === state) return;
    element.dataset.state = state;
    element.textContent = escrutinio.t(`status.${state}`);
  }

  function tick() {
    if (escrutinio.moment()) { word("past"); return; }
    const { phase, feed } = live.status();
    if (paused) word("paused");
    else if (phase) word(phase);
    const known = feed || escrutinio.config.feed;
    const zone = escrutinio.config.zone;
    setTime("checked", known.checked_at, ago(known.checked_at, serverNow()));
    setTime("checked-clock", known.checked_at, clock(known.checked_at, serverNow(), zone));
    if (document.getElementById("page").dataset.key === "nation" && known.changed_at) {
      setTime("changed", known.changed_at, clock(known.changed_at, serverNow(), zone));
    }
  }

  /* The page's own numbers changed: its source stamp and, below the nation, its time of change. */
  function changed(data) {
    const zone = escrutinio.config.zone;
    const stamp = escrutinio.figures.shown(data).source_at;
    setTime("source", stamp, clock(stamp, serverNow(), zone));
    if (document.getElementById("page").dataset.key !== "nation") {
      const now = new Date(serverNow()).toISOString();
      setTime("changed", now, clock(now, serverNow(), zone));
    }
  }

  /* The page went back to a moment: nothing ages any more. */
  function recall(at, data, kind) {
    const times = document.querySelector(".times");
    for (const element of document.querySelectorAll("#pause, .freshness > .note")) element.remove();
    for (const element of document.querySelectorAll("[data-count]")) element.textContent = escrutinio.t(`count.${kind}`);
    tick();
    if (!times) return;
    const { zone } = escrutinio.config;
    const stamp = escrutinio.figures.shown(data).source_at;
    const written = (moment) => escrutinio.moments.clock(moment, Date.parse(at), zone); // as it was told then
    times.replaceChildren(...escrutinio.parts("past.line", { source: written(stamp), changed: written(at) }));
  }

  function togglePause(button) {
    paused = !paused;
    button.setAttribute("aria-pressed", String(paused));
    button.textContent = escrutinio.t(paused ? "pause.resume" : "pause.pause");
    tick();
    if (!paused) onResume();
  }

  /* A page was shown: its pause button says what is true now. */
  function mount() {
    const button = document.getElementById("pause");
    if (!button) return;
    button.setAttribute("aria-pressed", String(paused));
    button.textContent = escrutinio.t(paused ? "pause.resume" : "pause.pause");
    button.addEventListener("click", () => togglePause(button));
    tick();
  }

  function start(client, resume) {
    live = client;
    onResume = resume;
    live.on("status", tick);
    setInterval(tick, TICK_MS);
  }

  escrutinio.status = { start, mount, changed, recall, isPaused: () => paused };
})(window.escrutinio);
