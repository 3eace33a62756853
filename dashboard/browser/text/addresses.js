/* Where a key's page stands, in the language and at the moment that are shown. The rules of dashboard/routes.py. */
import { config } from "./config.js";
import { codeOf, isAbroad, isArea, levelOf } from "./keys.js";
import { t } from "./words.js";

const page = () => document.getElementById("page");

/* The moment whose count the page shows; nothing while it shows the present. */
export const moment = () => page()?.dataset.at || null;

/** @param {string} path @param {string} part */
const withQuery = (path, part) => `${path}${path.includes("?") ? "&" : "?"}${part}`;

/** @param {string} path @param {string} language */
export const inLanguage = (path, language) => withQuery(path, `lang=${language}`);

/* What the paths of the contest's pages begin with, where an election has many. */
const root = () => (config.contest ? `/contests/${config.contest}` : "");

/** A path of the dashboard, of the same contest or the mission, that keeps the page's language and moment. @param {string} path */
export const href = (path) => front(path.startsWith("/mission") ? path : `${root()}${path}`);

/** The same to a page of any contest or of none, by its whole path. @param {string} path */
export function front(path) {
  const kept = moment() ? withQuery(path, `at=${moment()}`) : path;
  return config.language === config.default_language ? kept : inLanguage(kept, config.language);
}

/** Where an election with many contests has what lies in an area, or is on its ballot. @param {string} key */
const frontOf = (key) => {
  const level = levelOf(key) ?? "";
  return ["district", "mesa"].includes(level) ? `/mi-cedula?where=${codeOf(key)}` : `/contests?within=${key}`;
};

/** @param {string} key */
export function pathOf(key) {
  if (config.table) return frontOf(key);
  if (key === "nation") return "/";
  return isArea(key) ? `/area/${key}` : `/${key}`;
}

/** What kind of thing a key is: abroad the source's departments are continents, its provinces countries. @param {string} key */
export function kindOf(key) {
  const level = levelOf(key);
  return isAbroad(key) && level !== "scope" ? t(`abroad_level.${level}`) : t(`search.${level}`);
}

/** A page's own address: its path, and of its query what belongs to the page. @param {string} pathname @param {string} search */
export function addressOf(pathname, search) {
  const given = new URLSearchParams(search);
  const own = pathname.startsWith(`${root()}/`) ? pathname.slice(root().length) : pathname;
  const chosen = [...(config.choices[own] || []), "at"].filter((name) => given.has(name)).map((name) => `${name}=${given.get(name)}`);
  return chosen.length ? `${pathname}?${chosen.join("&")}` : pathname;
}

export const here = () => addressOf(window.location.pathname, window.location.search);

/** An address at a moment, which a person can still read. @param {string} address @param {string} stamp */
export function at(address, stamp) {
  const url = new URL(address);
  url.searchParams.set("at", stamp);
  url.search = url.search.replace(/%3A/gi, ":").replace(/%2F/gi, "/");
  return url;
}

/** @param {Record<string, string | null>} values */
function addressWith(values) {
  const url = new URL(window.location.href);
  for (const [name, value] of Object.entries(values)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  return url;
}

/** Writes a page's choices into its address; one that is empty, as what is the default, leaves it. @param {Record<string, string | null>} values */
export const choose = (values) => window.history.replaceState(window.history.state, "", addressWith(values));

/** Goes on to this page with other choices, so that Back comes here again. @param {Record<string, string | null>} values */
export const openWith = (values) => window.location.assign(addressWith(values));
