/* One scene at a time, each as large as the screen allows; who stands before it may pause it or go on by hand. */
import { config } from "../text/config.js";
import { t } from "../text/words.js";
import { fit } from "./fit.js";

const query = new URLSearchParams(window.location.search);

/** How long a scene stands, as the address says. @param {string | null} said */
export function secondsOf(said) {
  const [given, { least_s: least, most_s: most, usual_s: usual }] = [Number(said), config.scene];
  return given ? Math.min(Math.max(given, least), most) : usual;
}

export function createRotation() {
  const page = document.getElementById("page");
  const button = document.getElementById("pause");
  let shown = page.firstElementChild?.id;
  let isPaused = false;
  let timer = null;

  const scenes = () => [...page.children];
  const place = () => Math.max(0, scenes().findIndex((scene) => scene.id === shown));

  function paint() {
    const all = scenes();
    const at = place();
    all.forEach((scene, index) => { scene.hidden = index !== at; });
    if (all.length) fit(all[at]);
    document.getElementById("where").textContent = all.length > 1 ? t("wall.where", { n: at + 1, of: all.length }) : "";
    button.hidden = all.length < 2;
  }

  function go(steps) {
    const all = scenes();
    const next = all[(place() + steps + all.length) % all.length];
    shown = next?.id;
    next?.classList.add("entering");
    paint();
    wait();
  }

  function wait() {
    clearTimeout(timer);
    if (!isPaused) timer = setTimeout(() => go(1), 1000 * secondsOf(query.get("every")));
  }

  function pause() {
    isPaused = !isPaused;
    button.textContent = t(isPaused ? "wall.resume" : "wall.pause");
    wait();
  }

  function pressed(event) {
    const steps = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (steps) go(steps);
    else if (event.key === " " && event.target !== button) pause();
  }

  return {
    go,
    /** What another answer of the server says; a scene that says the same stays as it is. */
    take(fresh) {
      for (const [own, next] of ["header > h1", "footer > p", '[data-time="source"]'].map((name) => [document.querySelector(name), fresh.querySelector(name)])) {
        if (own && own.textContent !== next.textContent) own.textContent = next.textContent;
      }
      const next = fresh.getElementById("page");
      Object.assign(page.dataset, next.dataset);
      page.replaceChildren(...[...next.children].map((scene) => document.importNode(scene, true)));
      paint();
    },
    start() {
      document.documentElement.classList.add("js");
      button.addEventListener("click", pause);
      document.addEventListener("keydown", pressed);
      window.addEventListener("resize", paint);
      document.fonts?.ready.then(paint);
      paint();
      wait();
    },
  };
}
