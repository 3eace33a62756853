/* The page's configuration, its settings and its words: t("map.tie"), t("moments.minutes", {n: 3}). */
(function (escrutinio) {
  "use strict";

  const element = document.getElementById("escrutinio-config");
  escrutinio.config = { ...escrutinio.settings, ...(element ? JSON.parse(element.textContent) : {}) }; // what all pages share, and this page's own
  escrutinio.config.words = { ...escrutinio.words, ...escrutinio.config.words }; // those of every page, and a page's own

  const PLACEHOLDER = /\{(\w+(?::(?:\w+|[.=]\d))?)\}/;
  const spaced = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, " ");
  let plurals = null; // Intl.PluralRules of the page's language, made when the first plural is asked for

  function textOf(name) {
    const [section, key] = name.split(".");
    return (escrutinio.config.words[section] || {})[key];
  }

  /* The text of a name, in the plural that its number asks for, or as a fact is. */
  function formOf(name, values) {
    const text = textOf(name);
    if (typeof text === "string") return text;
    const value = values[text.by || "n"];
    plurals = plurals || new Intl.PluralRules(escrutinio.config.language);
    const form = typeof value === "boolean" ? (value ? "yes" : "no") : plurals.select(value);
    return text[form] ?? text.other ?? "";
  }

  function decimals(value, sign, places) {
    const least = 10 ** -places;
    if (sign === "=" && value < least) return `< ${least.toFixed(places)}`;
    return `${sign === "=" ? "= " : ""}${value.toFixed(places)}`;
  }

  /* What stands for a placeholder; the rules are those of texts/language.py. */
  function fill(placeholder, values) {
    const [name, kind] = placeholder.split(":");
    const value = values[name];
    if (kind === "percent") return `${(100 * value).toFixed(1)} %`;
    if (/^[.=]/.test(kind)) return decimals(value, kind[0], Number(kind[1]));
    if (kind && typeof value === "number") return escrutinio.t(`units.${kind}`, { n: value });
    if (kind) return [].concat(value).map((one) => escrutinio.config.words[kind][one]).join(", ");
    return Number.isInteger(value) ? spaced(value) : value;
  }

  const filled = (name, values, made) =>
    formOf(name, values).split(PLACEHOLDER).map((piece, index) => (index % 2 ? made(fill(piece, values)) : piece));

  escrutinio.t = (name, values) => filled(name, values || {}, String).join("");

  /* Several texts in a row, without those that need a value nobody knows. */
  escrutinio.told = (names, values) => names.filter((name) => isKnown(name, values)).map((name) => escrutinio.t(name, values)).filter(Boolean).join(" ");

  function isKnown(name, values) {
    const text = textOf(name);
    if (text === undefined) return false; // of a server that is newer than this page
    const has = (slot) => ![null, undefined].includes(values[slot.split(":")[0]]);
    return (typeof text === "string" || has(text.by || "n")) && formOf(name, values).split(PLACEHOLDER).every((piece, index) => index % 2 === 0 || has(piece));
  }

  /* The same text as nodes, each placeholder an unbreakable piece. */
  escrutinio.parts = (name, values) => filled(name, values, unbreakable).flat();

  function unbreakable(value) {
    if (Array.isArray(value)) return value;
    const element = document.createElement("span");
    element.className = "n";
    element.textContent = value;
    return element;
  }

  /* The moment whose count the page shows; nothing while it shows the present. */
  escrutinio.moment = () => (document.getElementById("page") || { dataset: {} }).dataset.at || null;

  /* A path of the dashboard that keeps the page's language and moment. */
  escrutinio.href = function (path) {
    const language = escrutinio.config.language;
    const kept = escrutinio.moment() ? withQuery(path, `at=${escrutinio.moment()}`) : path;
    return language === "es" ? kept : escrutinio.inLanguage(kept, language);
  };

  const withQuery = (path, part) => `${path}${path.includes("?") ? "&" : "?"}${part}`;

  escrutinio.inLanguage = (path, language) => withQuery(path, `lang=${language}`);

  /* What kind of thing a key is: abroad the source's departments are continents, its provinces countries. */
  escrutinio.levelOf = function (key) {
    const [level] = key.split("/");
    const isAbroad = /^(department|province|district)\/9[1-9]/.test(key);
    return isAbroad ? escrutinio.t(`abroad_level.${level}`) : escrutinio.t(`search.${level}`);
  };

  escrutinio.pathOf = function (key) {
    if (key === "nation") return "/";
    return /^(place|mesa)\//.test(key) ? `/${key}` : `/area/${key}`;
  };
})(window.escrutinio);
