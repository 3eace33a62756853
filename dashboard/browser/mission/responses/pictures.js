/* The pictures of a response, under the question that they answer: fetched with the member's right to them. */
import { make } from "../../text/dom.js";
import { t } from "../../text/words.js";
import * as api from "../api.js";
import { said } from "../forms/widgets.js";
import * as parts from "../parts.js";
import { card } from "../parts.js";

let addresses = []; // of the pictures on screen

async function picture(response, photo, alt) {
  const address = await api.picture(`responses/${encodeURIComponent(response.id)}/photos/${encodeURIComponent(photo.hash)}`);
  addresses.push(address);
  const image = Object.assign(make("img"), { src: address, alt, loading: "lazy" });
  const open = parts.set(make("a", "", image), { href: address, target: "_blank", rel: "noopener" });
  return make("figure", "photo", open, make("figcaption", "soft", make("code", "", photo.hash.slice(0, 12))));
}

/** A card of them; none where there are none. */
export function pictures(response, questions) {
  addresses.forEach((address) => URL.revokeObjectURL(address));
  addresses = [];
  const answered = questions.filter(({ id }) => response.photos[id]);
  if (!answered.length) return [];
  return [card(t("mission_response.pictures"), ...answered.flatMap((question) => {
    const host = make("div", "photos");
    Promise.all(response.photos[question.id].map((photo) => picture(response, photo, said(question.label))))
      .then((figures) => host.replaceChildren(...figures), (error) => host.replaceChildren(parts.failure(error)));
    return [make("h3", "", said(question.label)), host];
  }))];
}
