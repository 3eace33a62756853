/* Repaints numbers in place: an element names its field (data-f text, data-w bar), an ancestor its key (data-area). */
(function (escrutinio) {
  "use strict";

  const { fields, lead, ranking, shown } = escrutinio.figures;
  const FLASH_MS = 1600;
  let flashing = null; // what changed in this go: one timer for all of it

  /* Every text of a count: the numbers, and by how much its leader is ahead. */
  function textsOf(count) {
    const texts = fields(count, escrutinio.config.lists.map((entry) => entry.short));
    texts.ahead = escrutinio.t("map.ahead", { points: texts.lead_points, votes: texts.margin });
    return texts;
  }

  /* One that is still fading goes on: to begin again, the page would have to be laid out for each of them. */
  function flash(element) {
    if (element.classList.contains("changed")) return;
    element.classList.add("changed");
    if (flashing === null) {
      flashing = [];
      queueMicrotask(() => {
        const all = flashing;
        flashing = null;
        setTimeout(() => { for (const one of all) one.classList.remove("changed"); }, FLASH_MS);
      });
    }
    flashing.push(element);
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
    for (const element of scope.querySelectorAll("[data-w]")) {
      const width = texts[element.dataset.w];
      if (element.style.width !== width) element.style.width = width;
    }
    return moved;
  }

  /* A list's colour with a texture of its own, as dashboard/components/binding.py gives it. */
  function colour(element, index) {
    element.className = `texture-${index % 4}`;
    element.style.setProperty("--list", escrutinio.config.lists[index].color);
  }

  function paintLeader(scope, texts) {
    for (const element of scope.querySelectorAll("[data-leader]")) {
      const index = texts.leader_index;
      if (element.dataset.leader === index) continue;
      element.dataset.leader = index;
      element.textContent = texts.leader;
      if (index === "") element.removeAttribute("class");
      else colour(element, index);
      flash(element);
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
  function rankLists(scope, votes, texts) {
    const entries = new Map([...scope.querySelectorAll("[data-list]")].map((entry) => [Number(entry.dataset.list), entry]));
    if (!votes || entries.size < 2) return;
    const wanted = ranking(votes);
    const standing = [...entries.keys()];
    if (wanted.every((index, place) => index === standing[place])) return;
    const homes = [...entries.values()].map((entry) => entry.parentElement);
    wanted.forEach((index, place) => {
      homes[place].appendChild(entries.get(index));
      if (!homes[place].classList.contains("small")) draw(entries.get(index), index, texts);
    });
  }

  /* A list that stood in the fold in words alone gets its colour and its bar. */
  function draw(entry, index, texts) {
    if (entry.querySelector("i")) return;
    colour(entry, index);
    const bar = escrutinio.dom.make("i");
    bar.dataset.w = `width.${index}`;
    bar.style.width = texts[bar.dataset.w];
    entry.lastElementChild.before(bar);
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
    let bin = 0;
    while (share >= config.bins[bin]) bin += 1;
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
  let standing = null;

  function scopesOf(key) {
    if (standing === null) {
      standing = new Map();
      for (const element of document.querySelectorAll("[data-area]")) {
        const { area } = element.dataset;
        if (standing.has(area)) standing.get(area).push(element);
        else standing.set(area, [element]);
      }
      queueMicrotask(() => { standing = null; });
    }
    return standing.get(key) || [];
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
    const scopes = scopesOf(key);
    if (!scopes.length) return false;
    const count = shown(data);
    const texts = textsOf(count);
    let moved = false;
    for (const scope of scopes) {
      moved = fill(scope, texts) || moved;
      paintLeader(scope, texts);
      wordState(scope, data);
      rankLists(scope, count.votes, texts);
      escrutinio.issues.paint(scope, data);
    }
    remeasure(key, data);
    return moved;
  }

  escrutinio.board = { isShown: (key) => scopesOf(key).length > 0, paintOf, ramp, remeasure, repaint, tint };
})(window.escrutinio);
