/* The page's configuration, its settings and its words: t("map.tie"), t("moments.minutes", {n: 3}). */
(function (escrutinio) {
  "use strict";

  const element = document.getElementById("escrutinio-config");
  escrutinio.config = { ...escrutinio.settings, ...(element ? JSON.parse(element.textContent) : {}) }; // what all pages share, and this page's own
  escrutinio.config.words = { ...escrutinio.words, ...escrutinio.config.words }; // those of every page, and a page's own

  escrutinio.t = function (name, values) {
    const [section, key] = name.split(".");
    const text = escrutinio.config.words[section][key];
    return text.replace(/\{(\w+)\}/g, (_, placeholder) => values[placeholder]);
  };

  /* The same text as nodes, each placeholder an unbreakable piece. */
  escrutinio.parts = function (name, values) {
    const [section, key] = name.split(".");
    return escrutinio.config.words[section][key].split(/\{(\w+)\}/).map((piece, index) => {
      if (index % 2 === 0 || Array.isArray(values[piece])) return index % 2 ? values[piece] : piece;
      const element = document.createElement("span");
      element.className = "n";
      element.textContent = values[piece];
      return element;
    }).flat();
  };

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
