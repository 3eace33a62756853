/* Which polling places are near a position: by their own distance where their school is known, else by their district. */
const EARTH_M = 6371008.8; // mean radius

/** Metres between two points in degrees, by the haversine. @param {{lon: number, lat: number}} one @param {{lon: number, lat: number}} other */
export function metres(one, other) {
  const radians = (/** @type {number} */ degrees) => (degrees * Math.PI) / 180;
  const half = (/** @type {number} */ degrees) => Math.sin(radians(degrees) / 2) ** 2;
  const chord = half(other.lat - one.lat) + Math.cos(radians(one.lat)) * Math.cos(radians(other.lat)) * half(other.lon - one.lon);
  return 2 * EARTH_M * Math.asin(Math.sqrt(chord));
}

/**
 * @typedef {{key: string, name: string, lon: number, lat: number, precision: string, district: string | null}} Place
 * A place whose point nobody knows has none: it is near nothing, and listed with its district.
 * @param {{lon: number, lat: number}} here
 * @param {{places: Place[], districts: Record<string, string>}} known as the API lists them
 * @param {{walk_m: number, far_m: number, schools: number, districts: number}} limits
 * @returns {{exact: (Place & {away: number})[], districts: {key: string, name: string, places: Place[]}[]}}
 * `exact`: places whose school's point is known and near, `away` in metres, the nearest first. `districts`: the nearest,
 * by the nearest point of a place of theirs, with all their other places by name. Of drawn points no distance is told.
 */
export function near(here, { places, districts }, limits) {
  const found = places.filter((place) => place.lon !== undefined).map((place) => ({ ...place, away: metres(here, place) })).sort((a, b) => a.away - b.away);
  const exact = found.filter(({ precision, away }) => precision === "exact" && away <= limits.walk_m).slice(0, limits.schools);
  const reached = found.filter(({ district, away }) => district && away <= limits.far_m).map(({ district }) => district);
  const keys = /** @type {string[]} */ ([...new Set(reached)].slice(0, limits.districts));
  const listed = keys.map((key) => ({ key, name: districts[key] ?? "", places: places.filter((place) => place.district === key && !exact.some((each) => each.key === place.key))
    .sort((a, b) => a.name.localeCompare(b.name)) }));
  return { exact, districts: listed.filter((each) => each.places.length) };
}
