/* How times are written: the election's own time zone, and how long ago. The rules are those of dashboard/moments.py. */
import { DASH } from "./figures.js";
import { t } from "./words.js";

/** @param {Date} moment @param {string} zone */
function local(moment, zone) {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  });
  return Object.fromEntries(format.formatToParts(moment).map((part) => [part.type, part.value]));
}

/**
 * The source's stamp; null where it lies after the moment (ISO, or in milliseconds) at which that was read.
 * @param {string | null | undefined} stamp @param {string | number} at
 */
export function told(stamp, at) {
  return stamp && Math.floor(Date.parse(stamp) / 1000) * 1000 <= new Date(at).getTime() ? stamp : null;
}

/**
 * "14:05" today, "13/06 14:05" this year, "13/06/2026 14:05" otherwise. `now` is in milliseconds.
 * @param {string | null} stamp @param {number} now @param {string} zone
 */
export function clock(stamp, now, zone) {
  if (!stamp) return DASH;
  const then = local(new Date(stamp), zone);
  const today = local(new Date(now), zone);
  const time = `${then.hour}:${then.minute}`;
  const day = `${then.day}/${then.month}`;
  if (then.year !== today.year) return `${day}/${then.year} ${time}`;
  return day === `${today.day}/${today.month}` ? time : `${day} ${time}`;
}

/** "13/06/2026 14:05": to the minute, whenever it is read. @param {string | null} stamp @param {string} zone */
export function dayClock(stamp, zone) {
  if (!stamp) return DASH;
  const then = local(new Date(stamp), zone);
  return `${then.day}/${then.month}/${then.year} ${then.hour}:${then.minute}`;
}

/** "13/06/2026 14:05:18": a moment that is not to be mistaken for another. @param {string | null} stamp @param {string} zone */
export function fullClock(stamp, zone) {
  return stamp ? `${dayClock(stamp, zone)}:${local(new Date(stamp), zone).second}` : DASH;
}

/** @param {string | null} stamp @param {number} now */
export function ago(stamp, now) {
  if (!stamp) return DASH;
  const seconds = Math.max(0, Math.floor((now - Date.parse(stamp)) / 1000));
  if (seconds < 60) return t("moments.seconds", { n: seconds });
  if (seconds < 3600) return t("moments.minutes", { n: Math.floor(seconds / 60) });
  if (seconds < 86400) return t("moments.hours", { n: Math.floor(seconds / 3600) });
  return t("moments.days", { n: Math.floor(seconds / 86400) });
}
