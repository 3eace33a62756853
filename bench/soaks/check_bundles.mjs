/* What the browser's verifier says of bundles: one a line in, as base64; one line of JSON each out. Python feeds it. */
import { createInterface } from "node:readline";
import { check } from "../../dashboard/browser/proof/bundle.js";

console.warn = () => {};
for await (const line of createInterface({ input: process.stdin })) {
  const { steps } = await check(Buffer.from(line, "base64"));
  process.stdout.write(`${JSON.stringify(steps.map(({ step, held }) => [step, held]))}\n`);
}
