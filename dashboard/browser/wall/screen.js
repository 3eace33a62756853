/* What a screen asks for that shows the same all night: it stays on, nothing stands still on it, and no pointer lies over it. */

const IDLE_MS = 3000;
const DRIFT_MS = 60000;
/* Head and foot change places, too: what is there all night is bright nowhere all night. */
const TURN = 10;
const PLACES = [[0, 0], [1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0], [-1, -1], [0, -1], [1, -1]];

let lock = null;

/* A browser lets go of it whenever the page is hidden. */
async function stayOn() {
  if (document.hidden || (lock && !lock.released)) return;
  lock = await navigator.wakeLock?.request("screen").catch(() => null);
}

/** Where everything stands in the n-th minute, in steps, and whether head and foot have changed places. @param {number} minute */
export const placeOf = (minute) => ({ step: PLACES[minute % PLACES.length], isTurned: Math.floor(minute / TURN) % 2 === 1 });

function drift(minute) {
  const { step, isTurned } = placeOf(minute);
  const wall = document.querySelector(".wall");
  wall.style.setProperty("--dx", step[0]);
  wall.style.setProperty("--dy", step[1]);
  wall.classList.toggle("turned", isTurned);
}

export function start() {
  let idle = null;
  let minute = 0;
  const root = document.documentElement;
  const moved = () => {
    root.classList.add("touched");
    clearTimeout(idle);
    idle = setTimeout(() => root.classList.remove("touched"), IDLE_MS);
  };
  for (const name of ["pointermove", "pointerdown", "keydown"]) document.addEventListener(name, moved);
  document.addEventListener("visibilitychange", stayOn);
  setInterval(() => { minute += 1; drift(minute); }, DRIFT_MS);
  stayOn();
}
