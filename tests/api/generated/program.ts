// What a program in TypeScript does with the types of openapi-typescript: a question, typed, and its answer, typed.
import type { components, operations } from "./api";

type Table = components["schemas"]["ResultTable"];
type Query = operations["read_results"]["parameters"]["query"];

const [, , base, election] = process.argv;

async function ask(query: Query): Promise<Table> {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, String(one)]));
  const answer = await fetch(`${base}/api/v1/elections/${election}/results?${new URLSearchParams(pairs)}`);
  if (!answer.ok) throw new Error(((await answer.json()) as components["schemas"]["Problem"]).detail);
  return (await answer.json()) as Table;
}

function votesOf(row: Table["rows"][number]): readonly (number | null)[] {
  if ("published" in row && row.published !== null && typeof row.published === "object") return row.published.votes;
  return [];
}

const whole = await ask({ level: "nation" });
const votes = whole.rows.flatMap(votesOf);
const first = await ask({ level: "mesa", where: ["cast>0"], sort: "-cast", top: 1, columns: "key,cast" });
console.log(JSON.stringify({ votes, lists: whole.lists.length, first: first.rows[0], at: whole.source_at }));
