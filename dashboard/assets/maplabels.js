/* Names on the map, in HTML: as many as fit without touching, so that no glyph file is needed. */
(function (escrutinio) {
  "use strict";

  const GAP_PX = 3;

  function touches(one, other) {
    return one.left < other.right + GAP_PX && other.left < one.right + GAP_PX && one.top < other.bottom + GAP_PX && other.top < one.bottom + GAP_PX;
  }

  function create(map, host) {
    const layer = escrutinio.dom.make("div", "map-labels");
    layer.setAttribute("aria-hidden", "true");
    host.append(layer);
    let labels = [];
    let waiting = false;

    function arrange() {
      waiting = false;
      const taken = [];
      for (const { element, at, size } of labels) {
        const { x, y } = map.project(at);
        const box = { left: x - size.width / 2, right: x + size.width / 2, top: y - size.height / 2, bottom: y + size.height / 2 };
        const inside = box.left > 0 && box.top > 0 && box.right < layer.clientWidth && box.bottom < layer.clientHeight;
        const fits = inside && !taken.some((other) => touches(box, other));
        element.style.visibility = fits ? "visible" : "hidden";
        if (!fits) continue;
        taken.push(box);
        element.style.transform = `translate(${Math.round(box.left)}px, ${Math.round(box.top)}px)`;
      }
    }

    function later() {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(arrange);
    }

    map.on("move", later);
    map.on("resize", later);
    return {
      /* Label these features where `positions` ({key: [lon, lat]}) says; the first ones win a place. */
      set(features, positions) {
        layer.replaceChildren();
        labels = features.filter((feature) => positions[feature.properties.key]).map((feature) => {
          const element = escrutinio.dom.make("span", "map-label", escrutinio.figures.properName(feature.properties.name));
          layer.append(element);
          return { element, at: positions[feature.properties.key], size: { width: element.offsetWidth, height: element.offsetHeight } };
        });
        later();
      },
    };
  }

  escrutinio.maplabels = { create };
})(window.escrutinio);
