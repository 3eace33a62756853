/* Photos of a report: kept as they were taken up to 8 MB, made smaller above that, removable before they are sent. */
import { make } from "../text/dom.js";
import { t } from "../text/words.js";
import * as parts from "./parts.js";
import { button, field } from "./parts.js";

const MOST_BYTES = 8 * 1024 * 1024;
const MOST = 6;
const TYPES = ["image/jpeg", "image/png", "image/webp"];
const EDGE = 3000;
const QUALITY = 0.85;

/* Smaller in pixels; null for what is no picture. */
async function reduced(file) {
  try {
    const bitmap = await window.createImageBitmap(file);
    const scale = Math.min(1, EDGE / Math.max(bitmap.width, bitmap.height));
    const canvas = Object.assign(make("canvas"), { width: Math.round(bitmap.width * scale), height: Math.round(bitmap.height * scale) });
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  } catch {
    return null;
  }
}

async function taken(file) {
  if (TYPES.includes(file.type) && file.size <= MOST_BYTES) return file.slice(0, file.size, file.type);
  const smaller = file.type.startsWith("image/") ? await reduced(file) : null;
  return smaller && smaller.size <= MOST_BYTES ? smaller : null;
}

/* The control, and `read()`: the blobs chosen so far. */
export function chooser() {
  let blobs = [];
  const list = make("ul", "picks");
  const told = parts.set(make("div"), { role: "alert" });
  const control = parts.set(make("input"), { type: "file", accept: TYPES.join(","), multiple: true, name: "photos" });
  const paint = () => list.replaceChildren(...blobs.map((blob, index) => {
    const image = Object.assign(make("img"), { src: URL.createObjectURL(blob), alt: t("mission_report.photo", { n: index + 1 }) });
    image.addEventListener("load", () => URL.revokeObjectURL(image.src));
    const size = make("span", "soft n", t("mission_report.size", { kb: Math.ceil(blob.size / 1024) }));
    return make("li", "", image, size, button(t("mission_report.remove"), () => { blobs = blobs.filter((other) => other !== blob); paint(); }));
  }));
  control.addEventListener("change", async () => {
    const found = await Promise.all([...control.files].map(taken));
    control.value = "";
    told.replaceChildren(...(found.includes(null) ? [make("p", "note amber", t("mission_report.no_photo"))] : []));
    blobs = [...blobs, ...found.filter(Boolean)].slice(0, MOST);
    paint();
  });
  return {
    element: make("div", "stack", field(t("mission_report.photos"), control, t("mission_report.photos_hint")), told, list),
    read: () => blobs,
    clear() { blobs = []; paint(); },
  };
}
