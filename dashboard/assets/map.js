/* The map: one MapLibre map for the visit, moved into each page's slot; colours live in feature state. */
(function (escrutinio) {
  "use strict";

  const t = (name, values) => escrutinio.t(name, values);
  const { dom, mapdata, mapsheet, mapstyle } = escrutinio;
  const PAN_PX = 120;
  const PADDING_PX = 16;
  const container = dom.make("div", "map-canvas");
  const frame = dom.make("div", "map-frame", container, controls());
  const ids = new Map(); // key → feature id, of the areas on the map
  let map = null;
  let tooltip = null;
  let labels = null;
  let shownFor = null; // the page whose areas the map holds
  let state = {};
  let chosen = null;
  let box = null;

  const page = () => document.getElementById("page").dataset;
  const slot = () => document.getElementById("map-slot");

  function controls() {
    const actions = [
      ["zoom_in", "+", () => map.zoomIn()], ["zoom_out", "−", () => map.zoomOut()],
      ["north", "↑", () => map.panBy([0, -PAN_PX])], ["west", "←", () => map.panBy([-PAN_PX, 0])],
      ["east", "→", () => map.panBy([PAN_PX, 0])], ["south", "↓", () => map.panBy([0, PAN_PX])], ["reset", "⤢", () => fit()],
    ];
    return dom.make("div", "map-controls", ...actions.map(([name, sign, action]) => {
      const button = dom.make("button", "", sign);
      button.type = "button";
      button.title = t(`map.${name}`);
      button.setAttribute("aria-label", t(`map.${name}`));
      button.addEventListener("click", action);
      return button;
    }));
  }

  async function create() {
    const library = await mapdata.library();
    map = new library.Map({
      container,
      style: mapstyle.style(),
      bounds: (await mapdata.index()).bounds,
      fitBoundsOptions: { padding: PADDING_PX },
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      renderWorldCopies: false,
      cooperativeGestures: true,
      fadeDuration: 0,
      locale: {
        "CooperativeGesturesHandler.WindowsHelpText": t("map.gesture_wheel"),
        "CooperativeGesturesHandler.MacHelpText": t("map.gesture_wheel_mac"),
        "CooperativeGesturesHandler.MobileHelpText": t("map.gesture_touch"),
        "Map.Title": t("map.label"),
      },
    });
    map.touchZoomRotate.disableRotation();
    escrutinio.map = map;
    tooltip = mapsheet.tooltip(container);
    labels = escrutinio.maplabels.create(map, container);
    await new Promise((resolve) => { map.once("load", resolve); });
    mapstyle.addPatterns(map);
    listen("areas");
    listen("places");
  }

  function listen(layer) {
    map.on("mousemove", layer, (event) => hover(event));
    map.on("mouseleave", layer, () => { tooltip.hide(); choose(null); map.getCanvas().style.cursor = ""; });
    map.on("click", layer, (event) => pick(event));
  }

  function texts(feature) {
    const { key, name } = feature.properties;
    if (key.startsWith("place/")) return [name, t("map.places_notice")];
    return mapsheet.lines(name, state[key]);
  }

  function hover(event) {
    const feature = top(event);
    map.getCanvas().style.cursor = "pointer";
    choose(feature.properties.key);
    tooltip.show(event.point, texts(feature));
  }

  /* Points lie above areas. */
  function top(event) {
    return map.queryRenderedFeatures(event.point, { layers: ["places"] })[0] || event.features[0];
  }

  function pick(event) {
    const feature = top(event);
    const { key } = feature.properties;
    if (event.defaultPrevented) return;
    event.preventDefault();
    if (event.originalEvent.pointerType === "touch" || window.matchMedia("(hover: none)").matches) {
      tooltip.hide();
      choose(key);
      mapsheet.sheet(key, texts(feature));
    } else if (key !== page().key) {
      escrutinio.page.go(escrutinio.href(escrutinio.pathOf(key)));
    }
  }

  function choose(key) {
    if (chosen === key) return;
    for (const [each, value] of [[chosen, false], [key, true]]) {
      if (ids.has(each)) map.setFeatureState({ source: "areas", id: ids.get(each) }, { chosen: value });
    }
    chosen = key;
  }

  function fit() {
    if (box) map.fitBounds(box, { padding: PADDING_PX, animate: false });
  }

  async function load(key, child) {
    const [areas, context, index, positions, places] = await Promise.all([
      mapdata.areasOf(key, child),
      mapdata.layer("department"),
      mapdata.index(),
      mapdata.labels(),
      child === "place" ? mapdata.placesOf(key) : mapstyle.empty(),
    ]);
    if (page().key !== key) return;
    ids.clear();
    chosen = null;
    map.removeFeatureState({ source: "areas" });
    areas.features.forEach((feature) => ids.set(feature.properties.key, feature.id));
    map.getSource("context").setData(child === "department" ? mapstyle.empty() : context);
    map.getSource("areas").setData(areas);
    map.getSource("places").setData(places);
    labels.set(child === "place" ? [] : areas.features, positions);
    box = mapdata.bounds(areas) || box;
    fit();
    paint([...ids.keys()]);
    legend(index, child, places.features.length);
    shownFor = key;
  }

  function legend(index, child, places) {
    const leaders = new Set([...Object.keys(state)].map((key) => (ids.has(key) ? escrutinio.board.paintOf(state[key]).leader : null)));
    leaders.delete(null);
    const level = child === "place" ? "district" : child;
    const notices = index.schematic[level] && index.notice ? [index.notice[escrutinio.config.language]] : [];
    if (places) notices.push(t("map.places_notice"));
    mapsheet.legend([...leaders].sort((one, other) => one - other), notices);
  }

  function paint(keys) {
    for (const key of keys) {
      if (!ids.has(key)) continue;
      const { color, cover } = escrutinio.board.paintOf(state[key]);
      map.setFeatureState({ source: "areas", id: ids.get(key) }, { color: color || "#ffffff", cover });
    }
  }

  /* Put the map in the page's slot and show the page's areas. */
  async function show() {
    const own = slot();
    if (!own || page().view !== "map") return;
    own.replaceChildren(frame);
    try {
      escrutinio.mapReady = escrutinio.mapReady || create();
      await escrutinio.mapReady;
      map.resize();
      if (shownFor !== page().key) await load(page().key, page().child);
    } catch (error) {
      escrutinio.mapReady = null;
      console.warn(error);
      own.replaceChildren(dom.make("p", "note", t("map.unavailable")));
    }
  }

  function update(keys, newest) {
    state = newest;
    if (map && shownFor === page().key) paint(keys);
  }

  /* What the map shows of a key, as read back from the map itself. */
  function featureState(key) {
    return ids.has(key) ? map.getFeatureState({ source: "areas", id: ids.get(key) }) : null;
  }

  escrutinio.mapview = { show, update };
  escrutinio.featureState = featureState;
  escrutinio.featureColor = (key) => (featureState(key) || {}).color || null;
})(window.escrutinio);
