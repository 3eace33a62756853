/* What observers answered: the desk, one response, or one form at one place where observers differ. */
import * as parts from "../parts.js";
import * as conflict from "./conflict.js";
import * as overview from "./overview.js";
import * as response from "./response.js";

export function view(host, member) {
  const { id, form, place } = parts.chosen();
  if (id) return response.show(host, member, id);
  if (form && place) return conflict.show(host, form, place);
  return overview.show(host, member);
}
