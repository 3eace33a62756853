/* The forms of a place as its day has them: what comes next first, and what was filled in for good last. */

/** What a form's draft at a place is called. */
export const draftName = (sender, form, key) => `${sender}/fill/${form}/${key}`;

/**
 * A form of a mesa is never over at a place, which has more of them.
 * [{form, sent, isWaiting, hasDraft, isDone, isNext}] of a place by its key; `forms` come in the order of the day.
 * `sent`: own responses [{form, key, place, at}], the newest first: at that place, or at a mesa there; `waiting`: the same of what is not sent yet; `drafts`: the
 * names of this device's drafts.
 */
export function agenda(forms, key, sender, { sent, waiting, drafts }) {
  const here = (all, form) => all.find((each) => each.form === form.id && [each.key, each.place].includes(key)) || null;
  const lines = forms.map((form) => {
    const [late, known] = [here(waiting, form), here(sent, form)];
    const found = { form, sent: late || known, isWaiting: Boolean(late), hasDraft: drafts.includes(draftName(sender, form.id, key)) };
    return { ...found, isDone: Boolean(found.sent) && form.is_once && (!form.is_of_mesa || found.sent.key === key) };
  });
  const next = lines.find((line) => !line.sent);
  const [open, done] = [lines.filter((line) => !line.isDone), lines.filter((line) => line.isDone)];
  const first = open.filter((line) => line === next || line.hasDraft);
  return [...first, ...open.filter((line) => !first.includes(line)), ...done].map((line) => ({ ...line, isNext: line === next }));
}
