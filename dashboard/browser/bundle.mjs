/* Makes the files that browsers load out of the modules in this folder: `make bundle`, or into another folder that is named.
   The result is committed: who has Python alone serves it as it stands. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { VIEWS } from "./mission/pages/views.js";

const HERE = dirname(fileURLToPath(import.meta.url));
const STYLES = join(HERE, "../styles");
const target = resolve(process.argv[2] ?? join(HERE, "../built"));
/* Modules that share what they import; each is named in the pages that need it. */
const MODULES = { board: "board.js", mission: "mission.js", timeline: "timeline.js", races: "races.js" };
/* Whole scripts that share nothing: before the first paint, beside the pages, and on pages of others. */
const SCRIPTS = { first: "page/first.js", worker: "device/worker.js", live: "embed/main.js", frame: "embed/frame.js", overview: "embed/overview.js", height: "embed/height.js", customiser: "embed/customiser.js", wall: "wall/main.js" };
const SHEETS = ["first-board", "first-races", "board", "mission", "ballot", "embed", "overview", "customiser", "wall"];
const COMMON = { bundle: true, minify: true, preserveSymlinks: true, write: false, outdir: target, absWorkingDir: HERE, target: ["es2022", "chrome109", "firefox115", "safari16"], charset: "utf8", legalComments: "none", logLevel: "warning" };

/* The sizes and colours that every surface shares: `@import "tokens:page"` has all of them, other names have those that
   their sheet uses. On pages of others a class says whether it is day or night, or that the reader's browser knows. */
const TOKENS = JSON.parse(readFileSync(join(HERE, "../tokens.json"), "utf8"));
/* Sheets of documents whose address says whether it is day or night. */
const CHOSEN = ["embed", "wall"];
const AT_NIGHT = "@media (prefers-color-scheme: dark)";

/* A sheet with those that it imports. */
function whole(path) {
  const text = readFileSync(path, "utf8");
  return text + [...text.matchAll(/@import "(\.[^"]+)"/g)].map(([, other]) => whole(join(dirname(path), other))).join("");
}

function tokenSheet(name, sheet) {
  const isUsed = (token) => name === "page" || sheet.includes(`var(${token})`);
  const written = (prefix, values, unit = "") => Object.entries(values).map(([key, value]) => [`--${prefix}${key}`, `${value}${unit}`])
    .filter(([token]) => isUsed(token)).map(([token, value]) => `${token}:${value};`).join("");
  const sizes = `${written("step-", TOKENS.steps, "rem")} ${written("space-", TOKENS.spaces, "rem")}`;
  const night = written("", TOKENS.night);
  const dark = CHOSEN.includes(name) ? `${AT_NIGHT} { .auto { ${night} } } .dark { ${night} }` : `${AT_NIGHT} { :root { ${night} } }`;
  const phone = `@media (max-width: 47.99rem) { :root { ${written("step-", TOKENS.phone_steps, "rem")} } }`;
  return `:root { ${sizes} ${written("", TOKENS.day)} } ${phone} ${dark}`;
}

const tokens = {
  name: "tokens",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^tokens:/ }, ({ path, importer }) => ({ path: path.slice("tokens:".length), namespace: "tokens", pluginData: whole(importer) }));
    onLoad({ filter: /.*/, namespace: "tokens" }, ({ path, pluginData }) => ({ contents: tokenSheet(path, pluginData), loader: "css" }));
  },
};

/* The modules of the mission's pages, by the page's name: what stands between the quotes of their import. */
const views = Object.fromEntries(Object.entries(VIEWS).map(([name, load]) => [name, join(HERE, "mission/pages", String(load).match(/"(.+)"/)[1])]));
/* What all of them have before they are loaded: named in each, so that the bundler leaves it in one piece. */
const BEFORE = ["shared.js", "mission/main.js"].map((path) => `import ${JSON.stringify(join(HERE, path))};`).join("");

const together = {
  name: "together",
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]mission[/\\].*\.js$/ }, ({ path }) => (Object.values(views).includes(path) ? { contents: BEFORE + readFileSync(path, "utf8") } : null));
  },
};

const modules = await build({
  ...COMMON, plugins: [together], entryPoints: MODULES, format: "esm", splitting: true, metafile: true,
  entryNames: "[hash]/[name]", chunkNames: "[hash]/[name]",
});
const scripts = await build({ ...COMMON, entryPoints: SCRIPTS, format: "iife", metafile: true });
const sheets = await build({ ...COMMON, plugins: [tokens], entryPoints: Object.fromEntries(SHEETS.map((name) => [name, join(STYLES, `${name}.css`)])) });

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
const outputOf = (path) => Object.entries(modules.metafile.outputs).find(([, { entryPoint }]) => entryPoint === relative(HERE, path))[0];
const sources = [...Object.keys(modules.metafile.inputs), ...Object.keys(scripts.metafile.inputs)];
const manifest = {
  modules: Object.fromEntries(entries.sort()),
  views: Object.fromEntries(Object.entries(views).sort().map(([name, path]) => [name, loaded(outputOf(path)).map(nameOf)])),
  sources: [...new Set(sources)].filter((path) => !path.startsWith("..")).sort(),
};

rmSync(target, { recursive: true, force: true });
for (const { path, contents } of [...modules.outputFiles, ...scripts.outputFiles, ...sheets.outputFiles]) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents);
}
writeFileSync(join(target, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
