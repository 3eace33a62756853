/* The map's colours in words: the server, who wrote them first, writes them again where the map shows something else. */
import { LEAD, chosen } from "../count/measures.js";
import { config } from "../text/config.js";

const answers = new Map(); // by query: for as long as the page is open a legend stays what it is
let wanted = null;

function ask(query) {
  if (!answers.has(query)) {
    const asked = fetch(`/legend?${query}`).then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(`${answer.status}`))));
    asked.catch(() => answers.delete(query));
    answers.set(query, asked);
  }
  return answers.get(query);
}

/* For the lists that lead somewhere, the level that is painted, and whether polling places stand there as points, some of them exact. */
export async function show(leaders, level, hasPlaces, hasExact) {
  const measure = chosen();
  const query = new URLSearchParams({
    lang: config.language, measure, level, leaders: measure === LEAD ? leaders.join() : "", places: hasPlaces ? "1" : "0",
    ...(hasExact ? { exact: "1" } : {}),
    ...(config.contest ? { contest: config.contest } : {}),
  }).toString();
  wanted = query;
  const standing = document.getElementById("map-legend");
  if (!standing || standing.dataset.legend === query) return;
  const html = await ask(query).catch(() => ""); // rather none than that of other colours
  const element = document.getElementById("map-legend");
  if (wanted !== query || !element) return;
  element.innerHTML = html;
  element.dataset.legend = html && query;
}
