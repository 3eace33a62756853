/* For the page that embeds: makes each of our frames as tall as what it shows.
   Only messages of our own origin, from a frame of this page that shows us, with exactly the expected fields are heard. */

const ours = new URL(document.currentScript.src).origin;
const TALLEST = 20000;

function isHeight(data) {
  return Boolean(data) && typeof data === "object" && data.type === "escrutinio.height" && data.v === 1
    && Number.isInteger(data.height) && data.height > 0 && data.height <= TALLEST && Object.keys(data).length === 3;
}

window.addEventListener("message", (event) => {
  if (event.origin !== ours || !isHeight(event.data)) return;
  for (const frame of document.querySelectorAll("iframe")) {
    if (frame.contentWindow === event.source && frame.src.startsWith(`${ours}/embed/`)) frame.height = String(event.data.height);
  }
});
