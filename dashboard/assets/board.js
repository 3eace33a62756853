/* Repaints numbers in place: an element names its field (data-f text, data-w bar), an ancestor its key (data-area). */
(function (escrutinio) {
  "use strict";

  const { fields, lead, ranking, shown } = escrutinio.figures;
  const FLASH_MS = 1600;
  const shorts = () => escrutinio.config.lists.map((entry) => entry.short);

  function flash(element) {
    element.classList.remove("changed");
    void element.offsetWidth; // restarts the animation
    element.classList.add("changed");
    setTimeout(() => element.classList.remove("changed"), FLASH_MS);
  }

  function fill(scope, texts) {
    let moved = false;
    for (const element of scope.querySelectorAll("[data-f]")) {
      const text = texts[element.dataset.f];
      if (text === undefined || element.textContent === text) continue;
      element.textContent = text;
      flash(element);
      moved = true;
    }
    for (const element of scope.querySelectorAll("[data-w]")) element.style.width = texts[element.dataset.w];
    return moved;
  }

  function paintLeader(scope, texts) {
    for (const element of scope.querySelectorAll("[data-leader]")) {
      const index = texts.leader_index;
      element.dataset.leader = index;
      element.className = index === "" ? "swatch" : `swatch texture-${index % 4}`;
      if (index === "") element.style.removeProperty("--list");
      else element.style.setProperty("--list", escrutinio.config.lists[index].color);
    }
  }

  function wordState(scope, data) {
    for (const element of scope.querySelectorAll("[data-state-word]")) {
      if (!data.state || element.dataset.stateWord === data.state) continue;
      element.dataset.stateWord = data.state;
      element.className = `acta-state ${data.state}`;
      element.textContent = escrutinio.t(`mesa_state.${data.state}`);
      flash(element);
    }
  }

  /* The headline's lists stand most votes first, across the fold. */
  function rankLists(scope, votes) {
    const entries = new Map([...scope.querySelectorAll("[data-list]")].map((entry) => [Number(entry.dataset.list), entry]));
    if (!votes || entries.size < 2) return;
    const wanted = ranking(votes);
    const standing = [...entries.keys()];
    if (wanted.every((index, place) => index === standing[place])) return;
    const homes = [...entries.values()].map((entry) => entry.parentElement);
    wanted.forEach((index, place) => homes[place].appendChild(entries.get(index)));
  }

  /* A colour mixed with white: amount 1 is the colour itself. The rule of dashboard/colours.py. */
  function tint(color, amount) {
    const channels = [1, 3, 5].map((start) => parseInt(color.slice(start, start + 2), 16));
    return `#${channels.map((channel) => Math.round(255 - (255 - channel) * amount).toString(16).padStart(2, "0")).join("")}`;
  }

  const ramps = new Map();

  /* Near-white first: the colour of each bin. */
  function ramp(color) {
    if (!ramps.has(color)) ramps.set(color, escrutinio.config.tints.map((amount) => tint(color, amount)));
    return ramps.get(color);
  }

  /* The colour and the cover ("none" | "partial" | "complete") of an area; the map and the boxes use the same. */
  function paintOf(data) {
    const count = shown(data);
    const { leader, margin, valid } = lead(count);
    const config = escrutinio.config;
    if (!count.counted || !valid) return { color: null, cover: "none", leader: null, share: null };
    const cover = count.counted < count.total ? "partial" : "complete";
    if (leader === null) return { color: config.neutral, cover, leader, share: 0 };
    const share = margin / valid;
    const bin = config.bins.filter((edge) => share >= edge).length;
    return { color: ramp(config.lists[leader].color)[bin], cover, leader, share };
  }

  function paintTile(scope, data) {
    const tile = scope.querySelector(".tile");
    if (!tile) return;
    const { color, cover } = escrutinio.measures.paintOf(data);
    tile.className = `tile ${cover}`;
    tile.style.backgroundColor = color || "";
  }

  /* Key → its elements. Found once for all that is repainted in one go: a whole country is 1,900 keys. */
  let scopes = null;

  function scopesOf(key) {
    if (scopes === null) {
      scopes = new Map();
      for (const element of document.querySelectorAll("[data-area]")) {
        const { area } = element.dataset;
        if (scopes.has(area)) scopes.get(area).push(element);
        else scopes.set(area, [element]);
      }
      queueMicrotask(() => { scopes = null; });
    }
    return scopes.get(key) || [];
  }

  /* The measure that is chosen, in this key's cells and tiles. */
  function remeasure(key, data) {
    for (const scope of scopesOf(key)) {
      const text = escrutinio.measures.text(data);
      for (const element of scope.querySelectorAll("[data-m]")) if (element.textContent !== text) element.textContent = text;
      paintTile(scope, data);
    }
  }

  /* Repaint every element of a key; true when a number on screen changed. */
  function repaint(key, data) {
    let moved = false;
    for (const scope of scopesOf(key)) {
      const count = shown(data);
      const texts = fields(count, shorts());
      moved = fill(scope, texts) || moved;
      paintLeader(scope, texts);
      wordState(scope, data);
      rankLists(scope, count.votes);
      escrutinio.issues.paint(scope, data);
    }
    remeasure(key, data);
    return moved;
  }

  escrutinio.board = { paintOf, ramp, remeasure, repaint };
})(window.escrutinio);
