/* One-time codes as cards to cut out: ten on a sheet, each with a QR code that opens the mission with its code. */
import { make } from "../../text/dom.js";
import { config } from "../../text/config.js";
import { CARD_LIMITS } from "../../text/vocabulary.js";
import { dayClock } from "../../text/moments.js";
import { t } from "../../text/words.js";
import { properName } from "../../text/spelling.js";
import * as api from "../api.js";
import * as parts from "../parts.js";
import { button } from "../parts.js";

const SVG = "http://www.w3.org/2000/svg";
const BORDER = 4; // blank squares that a camera needs around

function qr({ size, path }, text) {
  const side = size + 2 * BORDER;
  const element = parts.set(document.createElementNS(SVG, "svg"), { viewBox: `${-BORDER} ${-BORDER} ${side} ${side}`, class: "qr", role: "img", "aria-label": text });
  const ground = parts.set(document.createElementNS(SVG, "rect"), { x: -BORDER, y: -BORDER, width: side, height: side, fill: "#fff" });
  element.append(ground, parts.set(document.createElementNS(SVG, "path"), { d: path, fill: "#000", "shape-rendering": "crispEdges" }));
  return element;
}

function face(card, address) {
  const about = [card.name ? card.pseudonym : "", card.team, card.place && properName(card.place)].filter(Boolean).join(" · ");
  return make("li", "code-card", qr(card.qr, card.code), make("div", "",
    make("b", "", card.name || card.pseudonym), make("small", "", about), make("code", "secret", card.code),
    make("small", "", t("mission_cards.how", { address })), make("small", "", t("mission_cards.until", { at: dayClock(card.expires_at, config.zone) }))));
}

/* The cards stand before all else until they are closed: nobody is shown them twice. */
function show(cards, address, page) {
  const title = t("mission_cards.heading", { n: cards.length });
  const close = () => {
    if (!window.confirm(t("mission_cards.sure"))) return;
    document.body.classList.remove("has-cards");
    section.remove();
  };
  const section = parts.set(make("section", "card stack cards-to-print",
    make("div", "stack script-only", make("h2", "", title), make("p", "note amber", t("mission_cards.about")),
      make("div", "row", button(t("mission_cards.print"), () => window.print(), "primary"), button(t("mission_cards.done"), close))),
    make("ul", "code-cards", ...cards.map((card) => face(card, address)))), { tabindex: -1, "aria-label": title });
  document.body.classList.add("has-cards");
  page.front(section);
  section.focus();
}

async function codes(people, endsDevices) {
  const made = { cards: [], address: "" };
  for (let at = 0; at < people.length; at += CARD_LIMITS.most_at_once) {
    const some = people.slice(at, at + CARD_LIMITS.most_at_once).map((person) => person.pseudonym);
    const { cards, address } = await api.post("people/cards", { people: some, ends_devices: endsDevices });
    made.cards.push(...cards);
    made.address = address;
  }
  return made;
}

/** The form that makes cards for those observers. */
export function maker(observers, page) {
  const ends = parts.set(make("input"), { type: "checkbox", name: "ends" });
  const choice = make("label", "radio", ends, make("span", "", make("b", "", t("mission_cards.ends")), make("small", "soft", t("mission_cards.ends_about"))));
  return parts.form([choice], t("mission_cards.make", { n: observers.length }), async () => {
    const { cards, address } = await codes(observers, ends.checked);
    await page.again(t("mission_cards.heading", { n: cards.length }));
    show(cards, address, page);
  });
}
