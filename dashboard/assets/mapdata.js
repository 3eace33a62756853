/* Geometry by hashed URL, each file fetched once; and the library itself, fetched when a map is first wanted. */
(function (escrutinio) {
  "use strict";

  const answers = new Map();
  const SIZES = { department: "low", province: "mid", district: "mid" };

  function get(url) {
    if (!answers.has(url)) {
      const asked = fetch(url).then((answer) => {
        if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
        return answer.json();
      });
      asked.catch(() => answers.delete(url));
      answers.set(url, asked);
    }
    return answers.get(url);
  }

  const index = () => get("/api/v1/geometry");

  async function layer(level) {
    const { layers } = await index();
    return get(layers[level][SIZES[level]]);
  }

  /* The features a page paints: the areas one level below its key; a district paints itself. */
  async function areasOf(key, child) {
    const [, code = ""] = key.split("/");
    if (child === "place") return pick(await layer("district"), (feature) => feature.properties.key === key);
    const below = (feature) => child === "department" || feature.properties.ubigeo.startsWith(code);
    return pick(await layer(child), below);
  }

  function pick(collection, wanted) {
    return { type: "FeatureCollection", features: collection.features.filter(wanted) };
  }

  async function labels() {
    return get((await index()).labels);
  }

  /* Polling places of a district, as approximate points. */
  async function placesOf(key) {
    const answer = await fetch(`${escrutinio.config.base}/places?within=${encodeURIComponent(key)}`);
    if (!answer.ok) return escrutinio.mapstyle.empty();
    const { places } = await answer.json();
    const features = places.map((place) => ({
      type: "Feature",
      properties: { key: place.key, name: place.name, precision: place.precision },
      geometry: { type: "Point", coordinates: [place.lon, place.lat] },
    }));
    return { type: "FeatureCollection", features };
  }

  function bounds(collection) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    const visit = (node) => {
      if (typeof node[0] !== "number") { node.forEach(visit); return; }
      box[0] = Math.min(box[0], node[0]);
      box[1] = Math.min(box[1], node[1]);
      box[2] = Math.max(box[2], node[0]);
      box[3] = Math.max(box[3], node[1]);
    };
    collection.features.forEach((feature) => visit(feature.geometry.coordinates));
    return box[0] === Infinity ? null : box;
  }

  let loading = null;

  function library() {
    loading = loading || new Promise((resolve, reject) => {
      const sheet = document.createElement("link");
      sheet.rel = "stylesheet";
      sheet.href = escrutinio.config.vendor["maplibre-gl.css"];
      const script = document.createElement("script");
      script.src = escrutinio.config.vendor["maplibre-gl.js"];
      script.onload = () => resolve(window.maplibregl);
      script.onerror = () => { loading = null; reject(new Error("the map library did not load")); };
      document.head.append(sheet, script);
    });
    return loading;
  }

  escrutinio.mapdata = { areasOf, layer, index, labels, placesOf, bounds, library };
})(window.escrutinio);
