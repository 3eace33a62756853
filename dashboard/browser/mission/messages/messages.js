/* The page of messages: whoever observes or verifies reads those to them, whoever coordinates writes and sees who has read. */
import { make } from "../../text/dom.js";
import * as api from "../api.js";
import * as library from "../forms/library.js";
import { said } from "../forms/widgets.js";
import * as parts from "../parts.js";
import * as session from "../session.js";
import { compose } from "./compose.js";
import { inbox } from "./inbox.js";
import { misreadList, sentList } from "./sent.js";

const AGAIN_MS = 30000;

/* What is shown stays as long as something in it is open. */
const isRead = (slot) => Boolean(slot.querySelector("details[open]")) || slot.contains(document.activeElement);

async function desk(host) {
  const [audiences, forms] = await Promise.all([api.get("messages/audiences"), library.forms()]);
  const titles = new Map(forms.map((form) => [form.id, said(form.title)]));
  const slot = make("div", "stack");
  const begin = parts.takingTurns();
  async function refresh(before = null, earlier = [], isFree = () => true) {
    const isLast = begin();
    const found = await api.get("messages", { before });
    if (!isLast() || !isFree()) return;
    const messages = [...earlier, ...found.messages];
    slot.replaceChildren(sentList(messages, titles, found.next ? () => refresh(found.next, messages) : null),
      ...(found.misread.length ? [misreadList(found.misread)] : []));
    slot.dataset.earlier = before ?? "";
  }
  await refresh();
  host.replaceChildren(compose(audiences, titles, refresh), slot);
  setInterval(() => {
    if (!document.hidden && !slot.dataset.earlier && !isRead(slot)) refresh(null, [], () => !isRead(slot)).catch((error) => { if (!(error instanceof api.Refused)) throw error; });
  }, AGAIN_MS);
}

export async function view(host, member) {
  if (session.isAtLeast(member, "coordinator")) await desk(host);
  else await inbox(host);
}
