/* Photos of a report or of an answer: kept as they were taken up to the size that is taken, made smaller above that, removable before they are sent. */
import { make } from "../text/dom.js";
import { REPORT_LIMITS } from "../text/vocabulary.js";
import { t } from "../text/words.js";
import * as parts from "./parts.js";
import { button, field } from "./parts.js";

const MOST_BYTES = REPORT_LIMITS.most_photo_mb * 1024 * 1024;
const MOST = REPORT_LIMITS.most_photos;
const mb = REPORT_LIMITS.most_photo_mb;
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

/* The picture under its name, or why it is none that is taken. */
async function taken(file) {
  if (TYPES.includes(file.type) && file.size <= MOST_BYTES) return { photo: new File([file], file.name, { type: file.type }) };
  const smaller = file.type.startsWith("image/") ? await reduced(file) : null;
  if (smaller && smaller.size <= MOST_BYTES) return { photo: new File([smaller], file.name, { type: smaller.type }) };
  return { refused: t(TYPES.includes(file.type) ? "mission_report.photo_large" : "mission_report.photo_kind", { name: file.name, mb }) };
}

/* The control, `read()`: the pictures chosen so far, `most` at most, and `fill`: these instead. A choice is a change of the control. */
export function chooser(most = MOST) {
  let photos = [];
  const list = make("ul", "picks");
  const told = parts.set(make("div", "stack"), { role: "alert" });
  const control = parts.set(make("input"), { type: "file", accept: TYPES.join(","), multiple: true, name: "photos" });
  function fill(given) {
    photos = given;
    list.replaceChildren(...photos.map((photo, index) => {
      const image = Object.assign(make("img"), { src: URL.createObjectURL(photo), alt: t("mission_report.photo", { n: index + 1 }) });
      image.addEventListener("load", () => URL.revokeObjectURL(image.src));
      const size = make("span", "soft n", t("mission_report.size", { kb: Math.ceil(photo.size / 1024) }));
      return make("li", "", image, size, button(t("mission_report.remove"), () => choose(photos.filter((other) => other !== photo))));
    }));
  }
  function choose(given) {
    fill(given);
    list.dispatchEvent(new Event("change", { bubbles: true }));
  }
  control.addEventListener("change", async () => {
    const found = await Promise.all([...control.files].map(taken));
    control.value = "";
    const all = [...photos, ...found.flatMap(({ photo }) => photo || [])];
    const over = all.slice(most).map((photo) => photo.name);
    const refused = [...found.flatMap((each) => each.refused || []),
      ...(over.length ? [t("mission_report.photos_over", { n: over.length, names: over.join(", "), most })] : [])];
    told.replaceChildren(...refused.map((text) => make("p", "note amber", text)));
    choose(all.slice(0, most));
  });
  return {
    element: make("div", "stack", field(t("mission_report.photos"), control, t("mission_report.photos_hint", { mb, most })), told, list),
    read: () => photos,
    fill(given) { told.replaceChildren(); fill(given); },
  };
}
