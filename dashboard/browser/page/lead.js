/* The numbers beside a long table stand still, but not before their end has been read: how far up they may move. */

const GAP_PX = 16;
const watcher = new ResizeObserver(fit);

function fit() {
  const lead = document.querySelector("#page > .lead");
  if (lead) lead.style.setProperty("--top", `${Math.min(GAP_PX, window.innerHeight - lead.offsetHeight - GAP_PX)}px`);
}

/* A page was shown. */
export function mount() {
  watcher.disconnect();
  document.querySelectorAll("#page > .lead").forEach((lead) => watcher.observe(lead));
}

window.addEventListener("resize", fit);
