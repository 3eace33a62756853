/* Every page of the dashboard: what all readers need, and for members of a mission what is theirs. */
import "./shared.js";
import { isSeeing } from "./device/memory.js";
import { start } from "./page/main.js";
import { config } from "./text/config.js";

start({ fetchTable: () => import("./table.js"), fetchFiner: () => import("./finer.js"), fetchMap: () => import("./webgl.js"), fetchProof: () => import("./proof.js") });
if (config.base && isSeeing() && !document.getElementById("mission")) import("./member.js").then((member) => member.start());
