/* On an observer's first page: that there are actas to copy where they are assigned. */
import { make } from "../../text/dom.js";
import { t } from "../../text/words.js";
import * as api from "../api.js";
import { card, link } from "../parts.js";

export async function waiting() {
  const { quick_counts: counts } = await api.get("quick-counts");
  return counts.length ? [card(t("mission_title.quick-count"), make("p", "row", link(t("mission_quick.to_copy"), "/mission/quick-count", "button")))] : [];
}
