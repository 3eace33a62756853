/* The forms that this device knows, and what its observer filled in: as the mission told last, also where there is no network. */
import { FILLED, FORMS, remember, remembered } from "../../device/memory.js";
import * as api from "../api.js";

/* What is known of it stands in for what cannot be had now. */
async function told(name, ask) {
  try {
    const found = await ask();
    remember(name, found);
    return found;
  } catch (error) {
    const known = remembered(name);
    if (!(error instanceof api.Refused) || error.status === 401 || !known) throw error;
    return known;
  }
}

/** The forms that are asked now, in the order of the day. */
export const forms = () => told(FORMS, async () => (await api.get("forms")).forms);

/** One's own responses, the newest first. */
export const filled = () => told(FILLED, async () => (await api.get("responses", { mine: 1 })).responses);
