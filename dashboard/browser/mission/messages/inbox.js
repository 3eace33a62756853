/* Messages to whoever reads: the newest first, marked as read by a press, answered where that helps; kept for where there is no network. */
import * as memory from "../../device/memory.js";
import { config } from "../../text/config.js";
import { make, set } from "../../text/dom.js";
import { clock } from "../../text/moments.js";
import { MESSAGE_LIMITS } from "../../text/vocabulary.js";
import { t } from "../../text/words.js";
import * as api from "../api.js";
import * as parts from "../parts.js";
import { button, card, field, form, time } from "../parts.js";
import { look } from "./unread.js";

const timeOf = (stamp) => clock(stamp, Date.now(), config.zone);

function answering(message, replace) {
  const text = parts.area("text", { rows: 2, maxlength: MESSAGE_LIMITS.longest_answer, required: true });
  const element = form([field(t("mission_messages.answer"), text, t("mission_messages.answer_hint"))], t("mission_messages.send_answer"), async (values) => {
    replace(await api.post(`messages/${message.id}/answers`, { text: values.text }));
    parts.say(t("mission_messages.answered"));
    await look();
  });
  return make("details", "ask", make("summary", "", t("mission_messages.respond")), element);
}

function mark(message, replace) {
  const told = set(make("div", "told"), { role: "alert" });
  const press = button(t("mission_messages.mark"), async () => {
    try {
      replace(await api.post(`messages/${message.id}/read`));
      parts.say(t("mission_messages.marked"));
      await look();
    } catch (error) {
      told.replaceChildren(parts.failure(error));
    }
  });
  return make("div", "row", make("b", "new", t("mission_messages.new")), press, told);
}

function line(message) {
  const element = make("li", message.read_at ? "message" : "message unread");
  const replace = (changed) => {
    const fresh = line(changed);
    element.replaceWith(fresh);
    set(fresh, { tabindex: -1 }).focus(); // the press that was made is gone
  };
  const answers = message.answers.map((answer) => make("p", "said answer", make("b", "", t("mission_messages.own_answer")), " ", time(answer.at, false), " ", answer.text));
  const state = message.read_at ? make("p", "soft", t("mission_messages.read_at", { at: timeOf(message.read_at) })) : mark(message, replace);
  element.append(make("p", "soft", time(message.at)), make("p", "said", message.text), state, ...answers, answering(message, replace));
  return element;
}

/* The newest messages; without network those that were fetched last, and when that was. */
async function fetched() {
  try {
    const { messages } = await api.get("messages");
    memory.remember(memory.MESSAGES, { at: new Date().toISOString(), messages });
    return { messages, at: null };
  } catch (error) {
    const kept = memory.remembered(memory.MESSAGES);
    if (!(error instanceof api.Refused) || error.status || !kept) throw error;
    return kept;
  }
}

export async function inbox(host) {
  const { messages, at } = await fetched();
  const list = messages.length ? make("ul", "messages", ...messages.map(line)) : parts.empty(t("mission_messages.none"));
  const note = at ? [make("p", "note amber", t("mission_messages.kept", { at: timeOf(at) }))] : [];
  host.replaceChildren(card(t("mission_messages.inbox"), ...note, list));
}
