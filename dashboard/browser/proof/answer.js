/* What the source answered: whether it is about a key, and which figures stand where a bundle says. The rules are those of
   prove.py; a test gives both the same bundles. */
import { canonical, decode, demand, isSame, parseUnique, readText, sha256, unpack } from "./written.js";

const MOST_BYTES = 64_000_000;
/** How the address of a question about an area without a code ends, in each generation of the source. @type {Record<string, string[]>} */
const ENDINGS = {
  nation: ["tipoFiltro=eleccion", "/000000"],
  "scope/domestic": ["tipoFiltro=ambito_geografico&idAmbitoGeografico=1", "/800000"],
  "scope/abroad": ["tipoFiltro=ambito_geografico&idAmbitoGeografico=2", "/900000"],
};
/** @type {Record<string, number>} */
const DIGITS = { department: 2, province: 4, district: 6, mesa: 6 };
/** Where all that is about a key stands, unless names say so. */
const WHOLE = ["/data", "", "/procesos/generalPre"];
/**
 * What each generation calls a figure: a field of its own, or the votes of a row that a code names, or a label by how it ends
 * (accents arrive broken). @type {Record<string, string[]>}
 */
const PLACES = {
  at_jee: ["/enviadasJee", "/summary/TOTAL_JEE"],
  blank: ["80", "BLANCO"],
  cast: ["/totalVotosEmitidos", "EMITIDOS"],
  challenged: ["82", "IMPUGNADOS"],
  counted: ["/contabilizadas", "/summary/CONTABILIZA"],
  null: ["81", "NULOS"],
  pending: ["/pendientesJee", "/summary/POR_PROCESAR"],
  registered: ["/totalElectoresHabiles", "/presidencial/NNUME_HABILM"],
  state: ["/codigoEstadoActa", "/presidencial/OBSERVACION_TXT"],
  total: ["/totalActas", "/summary/A_INSTALAR"],
  valid: ["/totalVotosValidos", "LIDOS"],
};
/** Of each field that names a row, the field of its votes. @type {Record<string, string>} */
const VOTES = {
  adAgrupacionPolitica: "adVotos",
  codigoAgrupacionPolitica: "totalVotosValidos",
  CCODI_AUTO: "congresal",
  C_CODI_AGRUPOL: "TOTAL_VOTOS",
  AUTORIDAD: "congresal",
  AGRUPACION: "TOTAL_VOTOS",
};

/**
 * @typedef {import("./tree.js").Leaf & { body: string, row: string, named: Record<string, any>, figures: Record<string, [string, string, Record<string, any>]> }} Source
 * @typedef {{ at: string, url: string, sha256: string, source?: string }} Logged
 */

/** The bytes of an answer, if they are those that its log line names. @param {Source} source @param {Logged} logged */
export async function readBytes(source, logged) {
  const raw = await unpack(decode(source.body), MOST_BYTES);
  const named = Uint8Array.from(logged.sha256.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  demand(/^[0-9a-f]{64}$/.test(logged.sha256) && isSame(await sha256(raw), named), "its log line names other bytes");
  return raw;
}

/**
 * The figures that an answer states, each where the bundle says it stands.
 * @param {string} key @param {Source} source @param {Logged} logged @param {Uint8Array} raw
 */
export function readFigures(key, source, logged, raw) {
  const whole = follow(parseUnique(readText(raw)), source.row);
  checkNamed(whole, source.named);
  demand(isAbout(key, logged.url, source), `${logged.url} is a question about something else`);
  return Object.fromEntries(Object.entries(source.figures).map(([figure, [row, name, titles]]) => {
    const place = follow(whole, row);
    checkNamed(place, titles);
    demand(isPlace(figure, row, name, titles), `${row}/${name} is not ${figure}`);
    return [figure, readWritten(fieldOf(place, name))];
  }));
}

/** The races of the source that an answer names. @param {Source} source @param {Logged} logged */
export const racesOf = ({ named }, { url }) =>
  [...Object.values(named).slice(1).map(String), ...[...url.matchAll(/(?:idEleccion=|\/results\/)(\d+)/g)].map((found) => found[1])];

/** Whether an address asks about a key and the row is all that it answers, or the row names its mesa and a race.
    @param {string} key @param {string} url @param {Source} source */
function isAbout(key, url, { row, named }) {
  const [level, code = ""] = [key.split("/")[0], key.split("/").slice(1).join("/")];
  const isWhole = Object.hasOwn(ENDINGS, key);
  if (!isWhole && (code.length !== DIGITS[level] || (level !== "mesa" && code.endsWith("00")))) return false;
  const names = Object.keys(named);
  if (names.length) return level === "mesa" && canonical(names) === '["codigoMesa","idEleccion"]' && named.codigoMesa === code;
  const endings = isWhole ? ENDINGS[key] : [code.padEnd(6, "0")];
  const isOfActa = url.includes("/mesas/") || url.includes("/actas");
  return isOfActa === (level === "mesa") && WHOLE.includes(row) && endings.some((ending) => url.endsWith(ending));
}

/** Whether a figure is what stands in that field of a row with those names.
    @param {string} figure @param {string} row @param {string} name @param {Record<string, any>} named */
function isPlace(figure, row, name, named) {
  const told = Object.hasOwn(PLACES, figure) ? PLACES[figure] : [figure.replace(/^votes\//, "")];
  const [field, ...others] = Object.keys(named);
  if (field === undefined) return told.includes(`${row}/${name}`);
  const title = String(named[field]);
  const isNamed = told.some((one) => title === one || (/^[A-Z]+$/.test(one) && title.endsWith(one)));
  return others.length === 0 && Object.hasOwn(VOTES, field) && name === VOTES[field] && isNamed;
}

/** @param {any} row @param {string} name */
function fieldOf(row, name) {
  demand(row !== null && typeof row === "object" && Object.hasOwn(row, name), `there is no ${name}`);
  return row[name];
}

/** A row has the names that it should have. @param {any} row @param {Record<string, any>} named */
function checkNamed(row, named) {
  for (const [name, value] of Object.entries(named)) demand(fieldOf(row, name) === value, `${name} is not ${value} there`);
}

/** What a JSON pointer (RFC 6901) of plain names points at. @param {any} value @param {string} pointer */
const follow = (value, pointer) => pointer.split("/").slice(1).reduce(fieldOf, value);

/** A figure as the source writes it: 8836380 or "8,836,380"; null where it says that nobody can read it. @param {any} written */
function readWritten(written) {
  const plain = typeof written === "string" ? written.trim().replaceAll(",", "") : "";
  if (/^\d+$/.test(plain)) return Number(plain);
  return written === "#" ? null : written;
}

/** Whether a sum is that of its parts. @param {{ columns: string[], figures: Record<string, number>, parts: any[][] }} sum */
export function checkSum({ columns, figures, parts }) {
  const added = columns.map((_, index) => parts.reduce((total, part) => total + part[index + 1], 0));
  demand(new Set(parts.map(([key]) => key)).size === parts.length, "a part stands twice in a sum");
  demand(parts.every((part) => part.length === columns.length + 1), "a part has other columns than its sum");
  demand(canonical(Object.fromEntries(columns.map((name, index) => [name, added[index]]))) === canonical(figures), "parts do not add up");
}
