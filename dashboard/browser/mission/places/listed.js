/* The polling places of the mission's own list, as long as the count does not name all of its own: kept as the count's are. */
import { keepPlaces, keptPlaces } from "../../device/places.js";
import { config } from "../../text/config.js";
import * as api from "../api.js";

const NONE = { places: [], districts: {} };
const nameOf = () => `${config.base} listed`;

/** {places, districts}: as the count lists its own, where a point is known; without network, as they were kept last. */
export async function listed() {
  const kept = await keptPlaces(nameOf());
  try {
    const found = await api.getSince("sampling-frames/places", kept);
    if (found !== kept) await keepPlaces(nameOf(), found);
    return told(found.value);
  } catch (error) {
    if (!(error instanceof api.Refused)) throw error;
    return kept ? told(kept.value) : NONE;
  }
}

const told = ({ places, districts }) => ({ districts, places: places.map(({ position, ...place }) => ({ ...place, ...position })) });

/** Those of the count with what else the list names. */
export function joined(count, own) {
  const known = new Set(count.places.map(({ key }) => key));
  return { ...count, places: [...count.places, ...own.places.filter(({ key }) => !known.has(key))], districts: { ...own.districts, ...count.districts } };
}
