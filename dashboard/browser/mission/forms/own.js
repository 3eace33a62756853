/* What an observer filled in, and what became of it. */
import { make } from "../../text/dom.js";
import { t } from "../../text/words.js";
import * as parts from "../parts.js";
import * as words from "../words.js";
import { said } from "./widgets.js";

function line(response, title) {
  const state = make("span", `incident-state ${response.state === "verified" ? "verified" : ""}`, words.wordOf("response_state", response.state));
  return make("li", "", make("b", "", title), make("span", "soft", ` · ${response.place_name || words.where(response)}`), make("p", "row", parts.time(response.received_at), state,
    ...(response.is_partial ? [make("span", "soft", t("mission_fill.partial"))] : [])), ...(response.reason ? [make("p", "said", response.reason)] : []));
}

/** @param {any[]} responses @param {any[]} forms */
export function list(responses, forms) {
  const titleOf = (id) => said(forms.find((form) => form.id === id)?.title) || id;
  return responses.length ? make("ol", "marked", ...responses.map((each) => line(each, titleOf(each.form)))) : parts.empty(t("mission_fill.none_sent"));
}
