/* What is said of a count wherever an area is pointed at, on the map and in the embed. */
import { t } from "../text/words.js";

/** Who is ahead and by how much, or why nobody is. @param {Record<string, string>} texts the fields of a count */
export const ahead = (texts) => (texts.standing === "leads" ? t("map.lead", { leader: texts.leader, points: texts.lead_points }) : t(`standing.${texts.standing}`));
