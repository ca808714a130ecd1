// Runs the TypeScript of this checkout. esbuild bundles a source and everything it imports into one JavaScript file. The file is
// kept in dist/ and made again when one of the sources has changed. docs/decisions/0013-one-bundle-of-the-sources.md has the figures.
"use strict";
const { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { join } = require("node:path");

const root = join(__dirname, "..");
const directory = join(root, "dist");

/** Packages that consist of many small files and that most starts need. All others stay in node_modules and are loaded when a verb asks for them. */
const bundled = ["diff", "semver", "string-width", "yaml"];

/**
 * What a source of this checkout exports.
 * @param {string} source its path from the root of the checkout
 */
exports.load = function load(source) {
  Module.enableCompileCache?.(join(directory, "v8"));
  const file = join(directory, source.replaceAll("/", "-").replace(/\.ts$/, ".js"));
  const code = keptBundle(file) ?? makeBundle(source, file);
  const module = /** @type {NodeModule & { _compile(code: string, file: string): void }} */ (new Module(file));
  module.filename = file;
  module.paths = /** @type {any} */ (Module)._nodeModulePaths(directory);
  module._compile(code, file);
  return module.exports;
};

/**
 * The bundle in a file, unless one of its sources has changed. Its last line names the sources and their state.
 * @param {string} file
 */
function keptBundle(file) {
  try {
    const code = readFileSync(file, "utf8");
    const { inputs, stamps } = JSON.parse(code.slice(code.lastIndexOf("\n//") + 3));
    return inputs.map(stamp).join() === stamps ? code : undefined;
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
  /** @type {import("esbuild")} */
  const { buildSync } = require("esbuild");
  const { metafile, outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: [source],
    outfile: file,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20.19",
    external: Object.keys(dependencies).filter((name) => !bundled.includes(name)),
    sourcemap: "external",
    sourcesContent: false,
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  const [map = "", code = ""] = outputFiles.map(({ text }) => text);
  const inputs = [...new Set([...Object.keys(metafile.inputs), "package.json", "bin/bundle.js"])];
  if (inputs.every((path) => isOlder(path, started))) {
    const stamps = inputs.map(stamp).join();
    keep(`${file}.map`, map);
    keep(file, `${code}\n//${JSON.stringify({ inputs, stamps })}`);
  }
  return code;
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
 * Writes a file in one step, so that no process reads half of it. Where the checkout cannot be written to, starts are only slower.
 * @param {string} file
 * @param {string} text
 */
function keep(file, text) {
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(directory, { recursive: true });
    writeFileSync(draft, text);
    renameSync(draft, file);
  } catch {
    // The next start makes it again.
  }
}
