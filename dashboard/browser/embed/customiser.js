/* The customiser: what is chosen stands at once in the code, the previews and this page's own address. */

const config = JSON.parse(document.getElementById("config").textContent);
const form = document.getElementById("form");
const code = document.getElementById("code");
const frames = [...document.querySelectorAll(".previews iframe")];
const home = config.home || window.location.origin;
const DEFAULTS = { area: "nation", lang: config.language, theme: "auto" };
let simulated = "none";

const quoted = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/* The shortest query that says it, its slashes and colons as they are. */
function queryOf(data) {
  const given = ["area", "lang", "theme", "incidents", "at", "contest"].filter((name) => data.get(name) && data.get(name) !== DEFAULTS[name]);
  return given.map((name) => `${name}=${encodeURIComponent(data.get(name)).replace(/%2F/g, "/").replace(/%3A/g, ":")}`).join("&");
}

function show() {
  const data = new FormData(form);
  const view = data.get("view");
  const query = queryOf(data);
  const address = (kind) => `/embed/v1/${view}${kind}${query ? `?${query}` : ""}`;
  const option = form.elements.area.selectedOptions[0];
  const title = option.value === "nation" ? config.titles[data.get("lang")] : option.textContent;
  const grows = document.getElementById("grows").checked;
  const values = { title: quoted(title), src: quoted(home + address("")), height: config.heights[view], home: quoted(home) };
  code.value = fill(config.frame, values) + (grows ? fill(config.script, values) : "");
  for (const kind of ["png", "svg"]) document.getElementById(kind).href = address(`.${kind}`);
  for (const frame of frames) {
    if (frame.getAttribute("src") === address("")) continue;
    frame.height = config.heights[view];
    frame.src = address("");
  }
  const own = data.get("page") === data.get("lang") ? "" : `&page=${data.get("page")}`; // this page keeps its language
  window.history.replaceState(null, "", `/embed?view=${view}${query ? `&${query}` : ""}${own}`);
}

function tell(frame) {
  frame.contentWindow.postMessage({ type: "escrutinio.simulate", state: simulated }, window.location.origin);
}

function simulate({ target }) {
  const button = target.closest("[data-simulate]");
  if (!button) return;
  simulated = button.dataset.simulate;
  for (const other of document.querySelectorAll("[data-simulate]")) other.setAttribute("aria-pressed", String(other === button));
  frames.forEach(tell);
}

async function copy() {
  code.select();
  await navigator.clipboard.writeText(code.value);
  document.getElementById("said").textContent = config.copied;
}

document.documentElement.classList.add("js");
for (const id of ["copy", "simulate"]) document.getElementById(id).hidden = false;
form.addEventListener("change", show);
form.addEventListener("submit", (event) => { event.preventDefault(); show(); });
document.getElementById("simulate").addEventListener("click", simulate);
document.getElementById("copy").addEventListener("click", copy);
frames.forEach((frame) => frame.addEventListener("load", () => { if (simulated !== "none") tell(frame); }));
show();
