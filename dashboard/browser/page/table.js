/* Tables: sorting by header buttons, and columns that not every reader needs. */
import { choose } from "../text/addresses.js";
import { config } from "../text/config.js";
import { button, make, set } from "../text/dom.js";
import { t } from "../text/words.js";

const collator = () => new Intl.Collator(config.language);

const NUMBER = /\d[\d ]*(\.\d+)?/; // thousands are parted by spaces

/* A cell's value: its text, or the first number in it; null where there is none. */
function sortValue(row, { cellIndex, dataset: { sort: kind, sortField: field } }) {
  const cell = row.cells[cellIndex];
  if (cell.dataset.value) return Number(cell.dataset.value);
  if (kind === "text") return cell.textContent.trim();
  const element = (field && cell.querySelector(`[data-f="${field}"]`)) || cell.querySelector("[data-f]") || cell;
  const found = element.textContent.match(NUMBER);
  return found ? Number(found[0].replaceAll(" ", "")) : null;
}

function sortBody(body, head, falling) {
  const compare = head.dataset.sort === "text" ? collator().compare : (one, other) => one - other;
  const rows = [...body.rows].filter((row) => row.dataset.area && !row.classList.contains("group"));
  const values = new Map(rows.map((row) => [row, sortValue(row, head)]));
  const isMissing = (row) => Number(values.get(row) === null);
  // What is missing comes last, whichever way the others stand.
  rows.sort((one, other) => isMissing(one) - isMissing(other) || compare(values.get(one), values.get(other)) * (falling ? -1 : 1));
  rows.forEach((row) => body.appendChild(row));
}

/* A column as the address names it, whatever stands beside it and in which language. */
function nameOf(head) {
  if (head.dataset.sort === "text") return "name";
  const { cellIndex } = head;
  const cell = [...head.closest("table").querySelectorAll("tbody tr[data-area]")].find((row) => row.cells[cellIndex])?.cells[cellIndex];
  return head.dataset.sortField || cell?.dataset.f || cell?.querySelector("[data-f]")?.dataset.f || head.className.replace("of-measure", "chosen").split(" ")[0];
}

/* The address says by which column the table is sorted; a minus before it: falling. */
const standingSort = () => new URLSearchParams(window.location.search).get("sort") ?? "";

function press(table, head) {
  const standing = head.getAttribute("aria-sort");
  const falling = standing ? standing === "ascending" : head.dataset.sort === "number";
  choose({ sort: `${falling ? "-" : ""}${nameOf(head)}` });
  sort(table, head, falling);
}

function sort(table, head, falling) {
  table.querySelectorAll("th[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
  head.setAttribute("aria-sort", falling ? "descending" : "ascending");
  for (const body of table.tBodies) sortBody(body, head, falling);
}

function makeSortable(table, head) {
  const title = t("sorting.by", { column: head.textContent });
  head.append(set(button([...head.childNodes], () => press(table, head), "sort"), { title }));
  const asked = standingSort();
  if (asked && asked.replace("-", "") === nameOf(head)) sort(table, head, asked.startsWith("-"));
}

function addSorting(table) {
  table.querySelectorAll("th[data-sort]").forEach((head) => makeSortable(table, head));
}

/* A column that not every reader needs, beside the lead; `prepare` is given each cell. */
export function addColumn(table, name, label, prepare) {
  const rows = [...table.rows];
  const place = [...rows[0].cells].findIndex((cell) => cell.classList.contains("of-lead")) + 1 || 2;
  for (const row of rows) {
    const isHead = row.parentElement.tagName === "THEAD";
    const cell = make(isHead ? "th" : "td", name);
    row.insertBefore(cell, row.cells[place]);
    if (isHead) {
      Object.assign(cell, { scope: "col" });
      cell.dataset.sort = "number";
      cell.append(label.cloneNode(true));
      makeSortable(table, cell);
    } else prepare(cell);
  }
}

/* A page was shown. */
export function mount() {
  document.querySelectorAll("table.areas").forEach(addSorting);
}
