/* "Check this number": what checks a proof, and its words, come when somebody presses it. */
import { config } from "../text/config.js";
import { run } from "../text/dom.js";
import { t } from "../text/words.js";

let words = null;

/* Once; again if they did not come. */
function fetchWords() {
  words ??= run(config.proof.words).catch((error) => { words = null; throw error; });
  return words;
}

export function start(fetchProof) {
  document.addEventListener("click", async ({ target }) => {
    const press = target.closest("[data-prove]");
    if (!press) return;
    press.disabled = true;
    try {
      const [{ prove }] = await Promise.all([fetchProof(), fetchWords()]);
      await prove(press, press.dataset.prove, document.getElementById("page").dataset.key);
    } catch {
      press.after(" ", t("away.waiting"));
    }
    press.disabled = false;
  });
}
