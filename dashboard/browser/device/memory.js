/* What this browser remembers of its user between pages, where it remembers anything. */
import { SEEING } from "../text/vocabulary.js";

export const MEMBER = "escrutinio.member"; // who signed in here: a name and a role, no secret
export const DEVICE = "escrutinio.device"; // the token of an observer's phone
export const ASSIGNED = "escrutinio.assignment"; // where this phone's observer is assigned, and the polling places there
export const FORMS = "escrutinio.forms"; // the mission's forms
export const COPIED = "escrutinio.copied"; // the quick counts' mesas where this phone's observer is assigned
export const MESSAGES = "escrutinio.messages"; // the newest messages to this phone's observer, and when they were fetched
export const LAST = "escrutinio.place"; // what this phone reported from last; a mesa's number is written anew each time
export const FILLED = "escrutinio.filled"; // what this phone's observer filled in

const passing = new Map(); // what the browser does not keep: gone with the page

export function remembered(name) {
  if (passing.has(name)) return passing.get(name);
  try {
    return JSON.parse(window.localStorage.getItem(name));
  } catch {
    return null;
  }
}

/* Whether it is remembered beyond this page. */
export function remember(name, value) {
  try {
    if (value === null) window.localStorage.removeItem(name);
    else window.localStorage.setItem(name, JSON.stringify(value));
    passing.delete(name);
    return true;
  } catch {
    if (value === null) passing.delete(name);
    else passing.set(name, value);
    return false;
  }
}

/* Something is remembered by this page alone. */
export const isPassing = (name) => passing.has(name);

/* Somebody signed in here who may see the team's reports. */
export const isSeeing = () => SEEING.includes(remembered(MEMBER)?.role);
