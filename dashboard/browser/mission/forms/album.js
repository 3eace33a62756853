/* The pictures of a form's questions: chosen at the question, kept and sent as [{question, blob}]. */
import * as photos from "../photos.js";

/** `control` makes a question's, as widgets.js asks for it; `read` gives those of the questions that are asked, or all. */
export function album(kept) {
  const choosers = new Map();
  return {
    control({ id, most }, _, changed) {
      const own = photos.chooser(most ?? undefined);
      own.fill(kept.filter(({ question }) => question === id).map(({ blob }) => blob));
      own.element.addEventListener("change", () => changed(own.read().length || null));
      choosers.set(id, own);
      return { element: own.element, fill() {} };
    },
    read: (asked) => [...choosers].filter(([id]) => !asked || asked.has(id)).flatMap(([question, own]) => own.read().map((blob) => ({ question, blob }))),
  };
}
