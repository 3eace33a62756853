/* First of the embed's modules: the namespace the others add to, and the page's configuration and words. */
window.escrutinio = {};
(function (escrutinio) {
  "use strict";

  escrutinio.config = JSON.parse(document.getElementById("escrutinio-config").textContent);

  escrutinio.t = function (name, values) {
    const [section, key] = name.split(".");
    return escrutinio.config.words[section][key].replace(/\{(\w+)\}/g, (_, placeholder) => values[placeholder]);
  };
})(window.escrutinio);
