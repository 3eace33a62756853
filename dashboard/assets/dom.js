/* Elements made by hand: make("p", "note", "text", otherElement). */
(function (escrutinio) {
  "use strict";

  function make(tag, className, ...children) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...children);
    return element;
  }

  escrutinio.dom = { make };
})(window.escrutinio);
