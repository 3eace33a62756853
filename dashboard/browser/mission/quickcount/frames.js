/* The list of mesas that a sample is drawn from before the night: given as a file or taken from another count, and beside the count's own. */
import { config } from "../../text/config.js";
import { make } from "../../text/dom.js";
import { group } from "../../text/figures.js";
import { t } from "../../text/words.js";
import * as api from "../api.js";
import * as csv from "../imports/csv.js";
import * as parts from "../parts.js";
import { button, card, table, time } from "../parts.js";
import * as session from "../session.js";
import * as words from "../words.js";

const KINDS = ["unknown", "missing", "other_district", "other_place"];
const named = (names) => names[config.language] || names.es;
const listed = (beside, name) => (beside.examples[name] || []).join(", ");
const differing = (beside) => KINDS.filter((name) => beside[name] && beside.examples[name]);

/** How many mesas the list and the count say otherwise; what the count has not named yet is none of them. */
export const apart = (beside) => differing(beside).reduce((sum, name) => sum + beside[name], 0);

/* --- a list beside the mesas that the count names --- */

function sentence(beside) {
  if (!beside.named) return t("mission_frame.unnamed");
  if (!beside.is_same) return t("mission_frame.differs", { n: apart(beside) });
  return t(beside.is_whole ? "mission_frame.same" : "mission_frame.same_so_far", { n: beside.named });
}

export function comparison(beside) {
  const heads = [[t("mission_frame.kind"), "text"], [t("mission_frame.mesas"), "number"], [t("mission_frame.examples"), "text"]];
  const rows = differing(beside).map((name) => [t(`frame_difference.${name}`), group(beside[name]), listed(beside, name)]);
  return [make("p", beside.is_same ? "" : "note amber", sentence(beside), " ", time(beside.as_of, false)), ...(rows.length ? [table(t("mission_frame.beside"), heads, rows)] : [])];
}

/* Of the drawn mesas, what the count says otherwise: those that it does not have are named in full sentences. */
function drawnApart(sampled) {
  return differing(sampled).map((name) => make("p", "note amber", t("mission_frame.drawn_apart", { kind: t(`frame_difference.${name}`), n: sampled[name], mesas: listed(sampled, name) })));
}

export const from = ({ origin, given_by: by, other }) => t(`frame_origin.${origin}`, { by, other });

/** What a quick count's page says of the list that its sample was drawn from. */
export function origin(frame) {
  if (!frame) return [make("p", "", t("frame_origin.count"))];
  return [make("p", "", from(frame), " ", time(frame.given_at, false)), ...drawnApart(frame.sampled), ...comparison(frame.beside)];
}

/* --- giving one --- */

function preview(found, file) {
  const areas = found.areas.map((area) => [words.areaName(area.key, area.name), group(area.mesas)]);
  const heads = [[t("mission_quick.stratum"), "text"], [t("mission_frame.mesas"), "number"]];
  return [...csv.notes(found, file), make("p", "lead-sentence", t("mission_frame.read", found)),
    ...(found.strange.length ? [make("p", "note amber", t("mission_frame.strange", { n: found.strange.length, districts: found.strange.join(", ") }))] : []),
    ...csv.faults(found, found.faulty), ...(found.beside.named ? comparison(found.beside) : []),
    make("details", "", make("summary", "", t("mission_frame.areas")), table(t("mission_frame.areas"), heads, areas))];
}

function giver(again) {
  const slot = parts.set(make("div", "stack"), { role: "status" });
  const chosen = csv.chooser("frame-file", slot, async (file, bytes) => {
    const found = await csv.patiently(slot, api.sendTable("sampling-frames/preview", bytes));
    const enter = async () => {
      await csv.patiently(slot, api.sendTable("sampling-frames", bytes, { digest: found.digest }));
      await again();
    };
    const n = found.mesas;
    const press = button(t("mission_frame.give", { n }), () => enter().catch(chosen.fail), "primary");
    const next = found.is_new ? press : parts.empty(t("mission_frame.given_already"));
    slot.replaceChildren(...preview(found, file), ...(n && !found.faulty ? [next] : []));
  });
  return [chosen.zone, slot];
}

function taker(other, again) {
  const slot = parts.set(make("div"), { role: "status" });
  const take = async () => {
    await csv.patiently(slot, api.post("sampling-frames/taken", { election: other.election, contest: other.contest }));
    await again();
  };
  const word = t("mission_frame.take", { n: other.mesas, election: named(other.election_name), contest: named(other.contest_name) });
  return make("div", "stack", button(word, () => take().catch((error) => slot.replaceChildren(parts.failure(error)))), slot);
}

function standing([newest, ...earlier]) {
  if (!newest) return [parts.empty(t("mission_frame.none"))];
  const file = () => api.save(`sampling-frames/${encodeURIComponent(newest.id)}/mesas`, {}, `${newest.id}-${newest.digest.slice(0, 16)}.csv`);
  return [make("p", "lead-sentence", from(newest), " ", time(newest.given_at, false)), make("p", "", t("mission_quick.frame_given", { n: newest.mesas })), ...comparison(newest.beside),
    make("details", "", make("summary", "", t("mission_frame.again")), make("p", "soft", t("mission_frame.digest_about")), make("p", "", make("code", "digest", newest.digest)), button(t("mission_frame.download"), file)),
    ...(earlier.length ? [make("p", "soft", t("mission_frame.earlier", { n: earlier.length }))] : [])];
}

/** The card of the list: `again` shows the page anew once another one was given. */
export async function frames(member, again) {
  const { frames: given, others } = await api.get("sampling-frames");
  const told = parts.set(card(t("mission_frame.heading"), ...standing(given)), { id: "frame" });
  if (!session.isAtLeast(member, "coordinator")) return told;
  const example = csv.example("mesas-ejemplo.csv", [t("mission_frame.example_heads"), t("mission_frame.example_line")]);
  const fold = make("details", "importer", make("summary", "", make("h3", "", t("mission_frame.give_heading"))), ...["about", "columns"].map((name) => make("p", "soft", t(`mission_frame.${name}`))),
    make("div", "row", example), ...giver(again), ...others.map((other) => taker(other, again)));
  fold.open = !given.length;
  told.append(fold);
  return told;
}
