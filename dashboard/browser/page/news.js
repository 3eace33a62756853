/* Corrections that arrive while a page is open: a button on the page that lists them, one polite line on any other. */
import { href } from "../text/addresses.js";
import { button, make } from "../text/dom.js";
import { levelOf } from "../text/keys.js";
import { t } from "../text/words.js";
import { reload } from "./navigation.js";
import { isPaused } from "./status.js";

let keys = []; // of the corrections since the list was last shown
const counted = (number) => t("news.fresh", { n: number });

/* The page that lists them: only what its choice of level would show. */
function offer(host) {
  const { level } = host.dataset;
  const number = keys.filter((key) => !level || levelOf(key) === level).length;
  host.hidden = number === 0;
  host.replaceChildren(...(number ? [button(t("news.show", { count: counted(number) }), () => reload())] : []));
}

function notify(host) {
  host.hidden = keys.length === 0;
  if (host.hidden) return;
  const link = make("a", "", t("news.see"));
  link.href = href("/corrections");
  host.replaceChildren(make("span", "", counted(keys.length)), link, button(t("news.close"), () => { keys = []; paint(); }));
}

const isListed = () => Boolean(document.getElementById("news"));

export function paint() {
  const [list, notice] = [document.getElementById("news"), document.getElementById("notice")];
  if (list) offer(list);
  if (isListed()) notice.hidden = true;
  else if (!isPaused()) notify(notice);
}

export function add(changes) {
  keys.push(...changes.map((change) => change.k));
  paint();
}

/* A page was shown; the list, made anew, has them all. */
export function mount() {
  if (isListed()) keys = [];
  paint();
}
