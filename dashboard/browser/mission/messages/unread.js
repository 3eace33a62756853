/* How many messages nobody has opened yet: a number on the bar's link, asked for now and then while the page is looked at. */
import { make, set } from "../../text/dom.js";
import { t } from "../../text/words.js";
import * as api from "../api.js";

const AGAIN_MS = 120000; // ten thousand phones ask, too
const marks = [];

function paint(unread) {
  for (const mark of marks) {
    mark.hidden = !unread;
    mark.replaceChildren(set(make("span", "", String(unread)), { "aria-hidden": "true" }),
      make("span", "visually-hidden", t("mission_messages.unread", { n: unread })));
  }
}

/** How many there are. */
export const count = async () => (await api.get("messages/unread")).unread;

/* Ask now. Where there is no answer the number stays as it was. */
export async function look() {
  try {
    paint(await count());
  } catch (error) {
    if (!(error instanceof api.Refused)) throw error;
  }
}

/* Put the number on a link. */
export function badge(link) {
  const mark = make("span", "badge-n");
  mark.hidden = true;
  link.append(" ", mark);
  if (!marks.length) {
    look();
    setInterval(() => { if (!document.hidden) look(); }, AGAIN_MS);
  }
  marks.push(mark);
}
