/* The sentences that follow from the page's numbers: why they changed, what is decided. */
import { areOther, askAgain, lag } from "../count/said.js";
import { status } from "../count/store.js";
import { moment } from "../text/addresses.js";
import { config } from "../text/config.js";

function about() {
  const at = moment();
  const { key } = document.getElementById("page").dataset;
  const { epoch, seq } = status();
  return { key, lang: config.language, ...(config.contest ? { contest: config.contest } : {}), ...(at ? { at } : { epoch, seq: String(seq) }) };
}

/* Say them again, unless they are of this version already. */
export function refresh() {
  if (moment() || status()?.seq >= 0) askAgain(about, Boolean(moment()));
}

/* The count that a page begins with may be newer than the page. */
export function begin() {
  if (areOther(about())) refresh();
}

/* The page's own numbers moved: what stands was said of others. Of a moment it is asked for by whoever brought the page there. */
export function moved() {
  lag(about());
  if (!moment()) refresh();
}
