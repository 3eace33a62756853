/* Writing a message: to whom, with how many that is before it is sent, and what of it goes out as text messages. */
import { make, set } from "../../text/dom.js";
import { MESSAGE_LIMITS } from "../../text/vocabulary.js";
import { t } from "../../text/words.js";
import * as api from "../api.js";
import * as parts from "../parts.js";
import { card, field, form, input, select } from "../parts.js";
import { audienceName } from "./sent.js";

function reach(audience, isByText) {
  if (!audience.receivers) return t("mission_messages.reaches_nobody");
  const said = t("mission_messages.reaches", { n: audience.receivers });
  return isByText ? `${said} ${t("mission_messages.reaches_text", { n: audience.with_phone })}` : said;
}

function checkbox(name, label) {
  const control = set(make("input"), { type: "checkbox", name });
  return { control, element: make("label", "radio", control, make("span", "", label)) };
}

const PERSON = "person";

/* `sent` is called after a message went out. A message that is sent again after an answer was lost has the same key. */
export function compose({ audiences, has_texts }, titles, sent) {
  const options = audiences.map((each, n) => [String(n), t("mission_messages.option", { name: audienceName(each, titles, each.name), n: each.receivers })]);
  const { person: asked = "" } = parts.chosen(); // who was written to from another page
  const to = select("to", [...options, [PERSON, t("mission_messages.one_person")]], asked ? PERSON : "0");
  const person = input(PERSON, { value: asked, maxlength: 100 });
  const who = field(t("mission_messages.pseudonym"), person);
  const isOne = () => to.value === PERSON;
  const text = parts.area("text", { rows: 4, maxlength: MESSAGE_LIMITS.longest_text, required: true });
  const byText = checkbox("is_by_text", t("mission_messages.by_text"));
  const [told, left] = [set(make("p", "soft"), { role: "status" }), make("p", "soft n")];
  const show = () => {
    who.hidden = !isOne();
    person.required = isOne();
    told.textContent = isOne() ? "" : reach(audiences[Number(to.value)], byText.control.checked);
    left.textContent = t("mission_messages.left", { n: MESSAGE_LIMITS.longest_text - text.value.length });
  };
  let key = crypto.randomUUID();
  const element = form([field(t("mission_messages.to"), to), who, told, field(t("mission_messages.text"), text), left, ...(has_texts ? [byText.element] : [])],
    t("mission_messages.send"), async (values) => {
      const { kind, value } = isOne() ? { kind: PERSON, value: person.value.trim() } : audiences[Number(values.to)];
      const body = { to: { kind, value }, text: values.text, is_by_text: byText.control.checked };
      const { receivers } = await api.postOnce("messages", body, key);
      key = crypto.randomUUID();
      element.reset();
      show();
      parts.say(t("mission_messages.sent", { n: receivers }));
      await sent();
    });
  for (const control of [to, text, byText.control]) control.addEventListener("input", show);
  show();
  return card(t("mission_messages.write"), element);
}
