/* For admins: accounts and their roles, invitations for phones, the switch that stops the intake, and the log of what was done. */
import { make } from "../text/dom.js";
import { PASSWORD_LIMITS, REPORT_LIMITS, ROLES } from "../text/vocabulary.js";
import { t } from "../text/words.js";
import * as api from "./api.js";
import * as parts from "./parts.js";
import { button, card, field, form, input, link, select, table, time } from "./parts.js";
import * as words from "./words.js";

/* What is shown once and never again. */
const once = (text, secret) => make("p", "note good", text, " ", make("code", "secret", secret));

/* One row an account; the press that ends it is never out of sight. */
function row(account, slot) {
  const revoke = async () => {
    if (!window.confirm(t("mission_accounts.sure", { name: account.name }))) return;
    try { await api.post(`accounts/${encodeURIComponent(account.name)}/revoke`); await accounts(slot); } catch (error) { slot.prepend(parts.failure(error)); }
  };
  const who = make("span", "who", make("b", "", account.name), make("small", "soft", account.pseudonym || "", " · ", time(account.created_at, false)));
  return [who, words.roleWord(account.role), account.revoked_at ? make("span", "soft", t("mission_accounts.revoked")) : button(t("mission_accounts.revoke"), revoke)];
}

async function accounts(slot) {
  const found = await api.get("accounts");
  const heads = [[t("mission_accounts.who"), "text"], [t("mission_accounts.role"), "text"], [t("mission_accounts.state"), "text"]];
  const list = make("div");
  const wanted = input("wanted", { type: "search" });
  const show = () => {
    const text = wanted.value.trim().toLowerCase();
    const fit = found.accounts.filter((account) => `${account.name} ${account.pseudonym}`.toLowerCase().includes(text));
    list.replaceChildren(table(t("mission_accounts.heading"), heads, fit.map((account) => row(account, slot))));
  };
  wanted.addEventListener("input", show);
  show();
  slot.replaceChildren(field(t("mission_accounts.find"), wanted), list);
}

function newAccount(slot) {
  const roles = ROLES.map((role) => [role, words.roleWord(role)]);
  return form([
    field(t("mission_accounts.name"), input("name", { required: true, autocapitalize: "none" })),
    field(t("mission_accounts.role"), select("role", roles, "verifier")),
    field(t("mission_accounts.password"), input("password", { type: "password", autocomplete: "new-password", required: true, minlength: PASSWORD_LIMITS.shortest }),
      t("mission_accounts.password_hint", { n: PASSWORD_LIMITS.shortest })),
  ], t("mission_accounts.create"), async (values, element) => { await api.post("accounts", values); element.reset(); await accounts(slot); });
}

function invitation() {
  const made = parts.set(make("div"), { role: "status" });
  const name = field(t("mission_accounts.invite_name"), input("name", { autocapitalize: "none" }), t("mission_accounts.invite_hint"));
  return make("div", "stack", form([name], t("mission_accounts.invite"), async (values) => {
    const { code, pseudonym } = await api.post("invitations", values.name ? { name: values.name } : {});
    made.replaceChildren(once(t("mission_accounts.code", { pseudonym }), code));
  }), made);
}

async function intake(slot) {
  const { is_stopped, at, reason } = await api.get("intake-stop");
  const turn = is_stopped
    ? form([], t("mission_accounts.open"), async () => { await api.remove("intake-stop"); await intake(slot); })
    : form([field(t("mission_accounts.stop_reason"), input("reason", { required: true, maxlength: REPORT_LIMITS.longest_decision }))], t("mission_accounts.stop"),
      async (values) => { await api.post("intake-stop", values); await intake(slot); });
  const state = is_stopped ? make("p", "note amber", t("mission_accounts.stopped"), " ", time(at), ` · ${reason || ""}`) : make("p", "", t("mission_accounts.taking"));
  slot.replaceChildren(state, turn);
}

/* --- who is locked out --- */

async function locks(slot) {
  const { locks: found } = await api.get("locks");
  const clear = (lock) => async () => {
    try { await api.remove(`locks/${encodeURIComponent(lock.id)}`); await locks(slot); } catch (error) { slot.prepend(parts.failure(error)); }
  };
  const heads = ["which", "until", "undo"].map((name) => [t(`mission_locks.${name}`), "text"]);
  const rows = found.map((lock) => [
    t(`lock.${lock.kind}`, { name: lock.name || t("mission_locks.nobody"), n: lock.failures }), time(lock.until, false), button(t("mission_locks.clear"), clear(lock))]);
  slot.replaceChildren(found.length ? table(t("mission_locks.heading"), heads, rows) : parts.empty(t("mission_locks.none")));
}

/* --- the log --- */

/* "mission verify" is a move; the others have words of their own, and what a newer server says stands as it is. */
function deedWord(deed) {
  const code = deed.replace(/^mission /, "").replaceAll(/[ -]/g, "_");
  return words.known("deed", code) ? t(`deed.${code}`) : words.moveWord(code);
}

/* A new account's role, or "verifying → verified", in words; whatever else a line says as it is. */
const detailWord = (deed, detail) => (deed === "account added" ? words.roleWord(detail)
  : detail.split(" → ").map((part) => words.stateWord(part)).join(" → "));

function subjectOf(subject) {
  const [kind, id] = subject.split("/");
  return kind === "incident" ? link(id, `/mission/incident?id=${encodeURIComponent(id)}`) : make("span", "", id || (kind === "publication" ? "" : subject));
}

function deed(each) {
  return make("li", "event", time(each.at, false), make("b", "", deedWord(String(each.deed))), subjectOf(String(each.subject || "")),
    make("span", "soft", String(each.actor || "")), ...(each.detail ? [make("p", "said", detailWord(each.deed, String(each.detail)))] : []));
}

async function log(slot, before) {
  const found = await api.get("activity", { before });
  const list = slot.querySelector("ol") || slot.appendChild(make("ol", "log"));
  list.append(...found.deeds.map(deed));
  const more = slot.querySelector("button");
  if (more) more.remove();
  if (found.next) slot.append(button(t("mission_list.older"), () => log(slot, found.next).catch((error) => slot.append(parts.failure(error)))));
}

export async function view(host) {
  const [list, gate, locked, deeds] = [make("div"), make("div", "stack"), make("div", "stack"), make("div", "stack")];
  // What cannot wait stands first: the lists grow with the mission.
  host.replaceChildren(
    make("div", "columns",
      make("div", "stack", card(t("mission_accounts.intake"), make("p", "soft", t("mission_accounts.intake_about")), gate),
        card(t("mission_accounts.invitations"), make("p", "soft", t("mission_accounts.invite_about")), invitation())),
      card(t("mission_accounts.new"), newAccount(list))),
    card(t("mission_locks.heading"), make("p", "soft", t("mission_locks.about")), locked),
    card(t("mission_accounts.heading"), list),
    card(t("mission_accounts.log"), deeds));
  await Promise.all([accounts(list), intake(gate), locks(locked), log(deeds)]);
}
