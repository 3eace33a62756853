/* What the AsyncAPI parser says of the description on standard input: its complaints, and what it found. */
import { Parser } from "@asyncapi/parser";
import { text } from "node:stream/consumers";

const { document, diagnostics } = await new Parser().parse(await text(process.stdin));
const complaints = diagnostics.map(({ severity, message, path }) => ({ severity, message, path: path.join(".") }));
const operations = document?.operations().all() ?? [];
const found = operations.map((each) => ({
  action: each.action(),
  address: each.channels().all()[0].address(),
  messages: each.messages().all().map((message) => message.name()),
}));
process.stdout.write(JSON.stringify({ complaints, found }));
