/* The sentences that follow from the page's numbers: why they changed, what is decided. */
import { askAgain } from "../count/said.js";
import { status } from "../count/store.js";
import { moment } from "../text/addresses.js";
import { config } from "../text/config.js";

function about() {
  const at = moment();
  const { key } = document.getElementById("page").dataset;
  const { epoch, seq } = status();
  return { key, lang: config.language, ...(config.contest ? { contest: config.contest } : {}), ...(at ? { at } : { epoch, seq: String(seq) }) };
}

export const refresh = () => askAgain(about, Boolean(moment()));
