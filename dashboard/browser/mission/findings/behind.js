/* The responses behind a finding: those to one form, in one region or everywhere, the newest first. */
import { make } from "../../text/dom.js";
import { t as word } from "../../text/words.js";
import * as api from "../api.js";
import * as parts from "../parts.js";
import { button, card, link, records, time } from "../parts.js";
import * as words from "../words.js";

const t = (name, values) => word(`mission_findings.${name}`, values);

function line(response) {
  const where = words.where(response);
  return [link(where, `/mission/responses?${new URLSearchParams({ id: response.id })}`), response.observer,
    time(response.received_at, false), words.wordOf("response_state", response.state)];
}

export async function view(host, form, region) {
  const heads = [[t("where"), "text"], [t("observer"), "text"], [t("received"), "text"], [t("state"), "text"]];
  const lines = [];
  const slot = make("div", "stack");
  const add = async (before) => {
    const found = await api.get("responses", { form, region, before });
    lines.push(...found.responses.map(line));
    slot.replaceChildren(lines.length ? records(t("behind"), heads, lines) : parts.empty(t("empty")),
      ...(found.next ? [button(t("more"), () => add(found.next))] : []));
  };
  host.replaceChildren(card(t("behind"), slot, make("p", "", link(t("back"), "/mission/findings"))));
  await add();
}
