// Runs the TypeScript of this checkout. esbuild bundles a source and all that it imports into one JavaScript file, and the page of
// `onebranch ui` into a script and a style. They are kept in dist/ and built again when one of the sources has changed.
// docs/decisions/0013-one-bundle-of-the-sources.md has the figures.
"use strict";
const { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { join } = require("node:path");

const root = join(__dirname, "..");
const directory = join(root, "dist");

/** What ../onebranch starts. */
const program = "cli/main.ts";

/** Packages of many small files that most starts need. All others stay in node_modules and are loaded when a verb asks for them. */
const bundled = ["diff", "semver", "string-width", "yaml"];

/**
 * What a source of this checkout exports.
 * @param {string} source its path from the root of the checkout
 */
exports.load = function load(source) {
  Module.enableCompileCache?.(join(directory, "v8"));
  const file = fileOf(source);
  const { code } = kept(file) ?? makeBundle(source, file);
  const module = /** @type {NodeModule & { _compile(code: string, file: string): void }} */ (new Module(file));
  module.filename = file;
  module.paths = /** @type {any} */ (Module)._nodeModulePaths(directory);
  module._compile(code, file);
  return module.exports;
};

/**
 * Script and style of the page of `onebranch ui`, and the sources that they are made from.
 * @returns {{ script: string, style: string, sources: string[] }}
 */
exports.page = function page() {
  const file = join(directory, "page.json");
  const { code, inputs } = kept(file) ?? makePage(file);
  const sources = inputs.filter((path) => path.startsWith("cli/"));
  return { .../** @type {{ script: string, style: string }} */ (JSON.parse(code)), sources };
};

/** @param {string} source */
function fileOf(source) {
  return join(directory, source.replaceAll("/", "-").replace(/\.ts$/, ".js"));
}

/**
 * What a file keeps, unless one of its sources has changed. Its last line names the sources and their state.
 * @param {string} file
 * @returns {{ code: string, inputs: string[] } | undefined}
 */
function kept(file) {
  try {
    const text = readFileSync(file, "utf8");
    const end = text.lastIndexOf("\n//");
    const { inputs, stamps } = JSON.parse(text.slice(end + 3));
    return inputs.map(stamp).join() === stamps ? { code: text.slice(0, end), inputs } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Changes whenever the content of a file does. The change time (ctime) cannot be set by hand, so a restored copy is noticed too.
 * @param {string} path
 */
function stamp(path) {
  const { ctimeMs, mtimeMs, size } = statSync(join(root, path));
  return `${ctimeMs} ${mtimeMs} ${size}`;
}

/**
 * @param {string} source
 * @param {string} file
 */
function makeBundle(source, file) {
  const started = Date.now();
  const { dependencies } = require("../package.json");
  const { metafile, outputFiles } = built({
    entryPoints: [source],
    outfile: file,
    platform: "node",
    format: "cjs",
    target: "node20.19",
    external: Object.keys(dependencies).filter((name) => !bundled.includes(name)),
    sourcemap: "external",
    sourcesContent: false,
  });
  const [map = "", code = ""] = outputFiles.map(({ text }) => text);
  return { code, inputs: keep(file, code, metafile, started, map) };
}

/** @param {string} file */
function makePage(file) {
  const started = Date.now();
  const sources = "cli/verbs/ui/page";
  const { metafile, outputFiles } = built({
    entryPoints: [`${sources}/main.tsx`, `${sources}/style.css`],
    tsconfig: `${sources}/tsconfig.json`,
    outdir: directory,
    minify: true,
    platform: "browser",
    format: "iife",
    target: ["es2023"],
  });
  /** @param {string} end */
  const ending = (end) => outputFiles.find(({ path }) => path.endsWith(end))?.text;
  const code = JSON.stringify({ script: ending(".js"), style: ending(".css") });
  return { code, inputs: keep(file, code, metafile, started) };
}

/** @param {import("esbuild").BuildOptions} options */
function built(options) {
  /** @type {import("esbuild")} */
  const { buildSync } = require("esbuild");
  /** @type {import("esbuild").BuildOptions & { metafile: true, write: false }} */
  const all = { absWorkingDir: root, bundle: true, logLevel: "silent", ...options, metafile: true, write: false };
  return buildSync(all);
}

/**
 * Whether a file is unchanged since a moment. If it changed later, esbuild may have read the old text: the bundle is not kept.
 * @param {string} path
 * @param {number} moment
 */
function isOlder(path, moment) {
  // File systems round times.
  const step = 50;
  return statSync(join(root, path)).ctimeMs < moment - step;
}

/**
 * Keeps what was made, with the state of what it was made from, unless that may have changed meanwhile.
 * @param {string} file
 * @param {string} code
 * @param {import("esbuild").Metafile} metafile
 * @param {number} started
 * @param {string} [map]
 * @returns {string[]} what it was made from
 */
function keep(file, code, metafile, started, map) {
  const inputs = [...new Set([...Object.keys(metafile.inputs), "package.json", "bin/bundle.js"])];
  if (inputs.every((path) => isOlder(path, started))) {
    const stamps = inputs.map(stamp).join();
    if (map !== undefined) write(`${file}.map`, map);
    write(file, `${code}\n//${JSON.stringify({ inputs, stamps })}`);
  }
  return inputs;
}

/**
 * Writes a file in one step, so that no process reads half of it. Where the checkout cannot be written to, starts are only slower.
 * @param {string} file
 * @param {string} text
 */
function write(file, text) {
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(directory, { recursive: true });
    writeFileSync(draft, text);
    renameSync(draft, file);
  } catch {
    // The next start makes it again.
  }
}

// npm runs this file after an installation, so that the first start has nothing to make.
if (require.main === module) {
  try {
    if (kept(fileOf(program)) === undefined) makeBundle(program, fileOf(program));
    exports.page();
  } catch (error) {
    process.stderr.write(`nothing was bundled; the first start does it, or says what is wrong:\n${error}\n`);
  }
}
