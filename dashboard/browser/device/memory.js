/* What this browser remembers of its user between pages, where it remembers anything. */
import { SEEING } from "../text/vocabulary.js";

export const MEMBER = "escrutinio.member"; // who signed in here: a name and a role, no secret
export const DEVICE = "escrutinio.device"; // the token of an observer's phone

export function remembered(name) {
  try {
    return JSON.parse(window.localStorage.getItem(name));
  } catch {
    return null;
  }
}

export function remember(name, value) {
  try {
    if (value === null) window.localStorage.removeItem(name);
    else window.localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing asks again on the next page.
  }
}

/* Somebody signed in here who may see the team's reports. */
export const isSeeing = () => SEEING.includes(remembered(MEMBER)?.role);
