/* Who is signed in, and the two ways of signing in. */
import { href } from "../text/addresses.js";
import { make } from "../text/dom.js";
import { ROLES } from "../text/vocabulary.js";
import { t } from "../text/words.js";
import * as api from "./api.js";
import * as clock from "../device/clock.js";
import * as memory from "../device/memory.js";
import { dropGuides } from "../device/guides.js";
import { dropPlaces } from "../device/places.js";
import * as parts from "./parts.js";
import { field, form, input } from "./parts.js";
import { count } from "./queue.js";

/* The code of a card stands behind the # of the address, and is taken out of it: no history and no copied address has it. */
function takeCode() {
  const code = new URLSearchParams(window.location.hash.slice(1)).get("code");
  if (code) window.history.replaceState(null, "", `${window.location.pathname}${window.location.search}`);
  return code || "";
}

/* The code with which this page was opened, if it was. */
export const card = takeCode();

const rank = (role) => ROLES.indexOf(role);

export const isAtLeast = (member, role) => rank(member.role) >= rank(role);

/* Why whoever was here is not any more: a phone's registration ended, or was ended by the mission. */
export function whyOut() {
  const device = memory.remembered(memory.DEVICE);
  if (!device) return t("mission_error.401");
  return t(Date.parse(device.expires_at) <= clock.now() ? "mission_sign.expired" : "mission_sign.revoked");
}

let out = ""; // why, where the phone was known before

/* The member, or null when nobody is signed in; without network, who was last. */
export async function find() {
  try {
    const member = await api.get("session");
    if (!member) {
      if (memory.remembered(memory.DEVICE)) out = whyOut();
      await forget();
      return null;
    }
    memory.remember(memory.MEMBER, { name: member.name, role: member.role, pseudonym: member.pseudonym });
    return member;
  } catch (error) {
    if (!(error instanceof api.Refused) || error.status !== 0) throw error;
    return memory.remembered(memory.MEMBER);
  }
}

async function forget() {
  const names = [memory.MEMBER, memory.DEVICE, memory.ASSIGNED, memory.FORMS, memory.COPIED, memory.FILLED, memory.LAST, memory.MESSAGES];
  for (const name of names) memory.remember(name, null);
  await Promise.all([dropGuides(), dropPlaces()]);
}

export async function leave() {
  const unsent = await count();
  if (unsent && !window.confirm(t("mission_sign.unsent", { n: unsent }))) return;
  try {
    if (!memory.remembered(memory.DEVICE)) await api.remove("session");
  } finally {
    await forget();
    window.location.assign(href("/mission"));
  }
}

/* --- signing in --- */

async function enter({ name, password }) {
  await forget();
  const member = await api.post("session", { name, password });
  memory.remember(memory.MEMBER, { name: member.name, role: member.role, pseudonym: member.pseudonym });
  window.location.reload();
}

/* A browser that keeps nothing knows who joined as long as the page stands: it is gone on with here. */
async function join({ code }, goOn) {
  await forget();
  const { token, expires_at } = await api.post("devices", { code: code.trim() });
  if (memory.remember(memory.DEVICE, { token, expires_at })) window.location.reload();
  else await goOn();
}

/* `goOn` shows the page to whoever came in without loading it anew. */
export function doors(goOn) {
  const account = form([
    field(t("mission_sign.name"), input("name", { autocomplete: "username", autocapitalize: "none", required: true })),
    field(t("mission_sign.password"), input("password", { type: "password", autocomplete: "current-password", required: true })),
  ], t("mission_sign.enter"), enter);
  const device = form([
    ...(card ? [make("p", "note good", t("mission_sign.card"))] : []),
    field(t("mission_sign.code"), input("code", { autocapitalize: "none", spellcheck: "false", required: true, value: card }), t("mission_sign.code_hint")),
  ], t("mission_sign.join"), (values) => join(values, goOn));
  const ways = [parts.card(t("mission_sign.account"), account), parts.card(t("mission_sign.device"), device)];
  const told = make("div", "stack", ...(out ? [make("p", "note amber", out)] : []));
  count().then((n) => { if (n) told.append(make("p", "note amber", t("mission_sign.waiting", { n }))); });
  return make("div", "stack", told, make("div", "doors", ...(card ? ways.reverse() : ways)));
}
