/* Makes the files that browsers load out of the modules in this folder: `make bundle`, or into another folder that is named.
   The result is committed: who has Python alone serves it as it stands. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const STYLES = join(HERE, "../styles");
const target = resolve(process.argv[2] ?? join(HERE, "../built"));
/* Modules that share what they import; each is named in the pages that need it. */
const MODULES = { board: "board.js", mission: "mission.js", timeline: "timeline.js", races: "races.js" };
/* Whole scripts that share nothing: before the first paint, beside the pages, and on pages of others. */
const SCRIPTS = { first: "page/first.js", worker: "device/worker.js", live: "embed/main.js", frame: "embed/frame.js", overview: "embed/overview.js", height: "embed/height.js", customiser: "embed/customiser.js" };
const SHEETS = ["first-board", "first-races", "board", "mission", "ballot", "embed", "overview", "customiser"];
const COMMON = { bundle: true, minify: true, preserveSymlinks: true, write: false, outdir: target, absWorkingDir: HERE, target: ["es2022", "chrome109", "firefox115", "safari16"], charset: "utf8", legalComments: "none", logLevel: "warning" };

const modules = await build({
  ...COMMON, entryPoints: MODULES, format: "esm", splitting: true, metafile: true,
  entryNames: "[hash]/[name]", chunkNames: "[hash]/[name]",
});
const scripts = await build({ ...COMMON, entryPoints: SCRIPTS, format: "iife", metafile: true });
const sheets = await build({ ...COMMON, entryPoints: Object.fromEntries(SHEETS.map((name) => [name, join(STYLES, `${name}.css`)])) });

const nameOf = (path) => relative(target, resolve(HERE, path));

/* What an entry imports at once, itself first: all of it is asked for together. */
function loaded(path, found = []) {
  if (found.includes(path)) return found;
  found.push(path);
  for (const { path: next, kind } of modules.metafile.outputs[path].imports) if (kind === "import-statement") loaded(next, found);
  return found;
}

const entries = Object.entries(modules.metafile.outputs).flatMap(([path, { entryPoint }]) => {
  const name = Object.keys(MODULES).find((each) => MODULES[each] === entryPoint);
  return name ? [[name, loaded(path).map(nameOf)]] : [];
});
const sources = [...Object.keys(modules.metafile.inputs), ...Object.keys(scripts.metafile.inputs)];
const manifest = {
  modules: Object.fromEntries(entries.sort()),
  sources: [...new Set(sources)].filter((path) => !path.startsWith("..")).sort(),
};

rmSync(target, { recursive: true, force: true });
for (const { path, contents } of [...modules.outputFiles, ...scripts.outputFiles, ...sheets.outputFiles]) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents);
}
writeFileSync(join(target, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
