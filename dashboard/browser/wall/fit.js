/* A scene is drawn as large as it can be without a scroll bar, whatever it holds. */
const [LEAST, MOST, STEP] = [0.4, 2, 0.05];

/** @param {Element} scene */
export function fit(scene) {
  const parts = scene.querySelector(".parts");
  if (!parts) return;
  const style = getComputedStyle(parts);
  const [least, most] = [["--least", LEAST], ["--most", MOST]].map(([name, usual]) => Number(style.getPropertyValue(name)) || usual);
  const fits = (size) => {
    parts.style.setProperty("--size", size);
    return parts.scrollHeight <= parts.clientHeight && parts.scrollWidth <= parts.clientWidth;
  };
  let size = most;
  while (size > least && !fits(size.toFixed(2))) size -= STEP;
}
