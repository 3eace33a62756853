/* The canvas itself: one MapLibre map for the visit. */
import { t as word } from "../text/words.js";
import * as mapdata from "./data.js";
import { addPatterns, style } from "./style.js";

const t = (name) => word(`map.${name}`);

export async function create(container) {
  const [library, { bounds }] = await Promise.all([mapdata.library(), mapdata.index()]);
  const map = new library.Map({
    container,
    style: style(),
    bounds,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    renderWorldCopies: false,
    cooperativeGestures: true,
    fadeDuration: 0,
    locale: {
      "CooperativeGesturesHandler.WindowsHelpText": t("gesture_wheel"),
      "CooperativeGesturesHandler.MacHelpText": t("gesture_wheel_mac"),
      "CooperativeGesturesHandler.MobileHelpText": t("gesture_touch"),
      "Map.Title": t("label"),
    },
  });
  map.touchZoomRotate.disableRotation();
  await new Promise((resolve) => { map.once("style.load", resolve); }); // not "load": nothing is to be drawn twice
  addPatterns(map);
  return map;
}

/* What the map shows whole: fitted again when the frame gets another size, unless the reader has moved the map.
   `padding()` is the room around it, `isStanding()` whether it is still what the page shows. */
export function frame(map, padding, isStanding) {
  let box = null;
  let whole = 0; // the zoom at which it fits
  let fitted = null;
  const camera = () => [map.getZoom(), ...map.getCenter().toArray()].map((number) => number.toFixed(4)).join();

  function fit() {
    const options = { padding: padding(), animate: false };
    const found = box && map.cameraForBounds(box, options);
    if (!found) return; // a frame without a size
    whole = found.zoom;
    map.fitBounds(box, options);
    fitted = camera();
  }

  map.on("resize", () => { if (isStanding() && camera() === fitted) fit(); });
  return {
    fit,
    show(bounds) {
      box = bounds || box;
      fit();
    },
    whole: () => whole,
  };
}
