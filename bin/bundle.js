// Runs the TypeScript of this checkout. esbuild makes one JavaScript file of a source and all that it imports; it is kept in
// dist/ and made again when one of them has changed. docs/decisions/0013-one-bundle-of-the-sources.md has the figures.
"use strict";
const { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { join } = require("node:path");

const root = join(__dirname, "..");
const directory = join(root, "dist");

/** Packages of many small files that most starts need. All others stay in node_modules and are loaded when a verb asks for them. */
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
 * The bundle in a file, unless something that it was made from has changed. Its last line says what that was.
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
 * What tells one content of a file from another. The time of its last change cannot be set, so a restored copy is seen too.
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
 * Whether a file has not changed since a moment. One that has may have been read before it did, so its bundle is not kept.
 * @param {string} path
 * @param {number} moment
 */
function isOlder(path, moment) {
  // File systems count time in steps.
  const step = 50;
  return statSync(join(root, path)).ctimeMs < moment - step;
}

/**
 * Writes a file in one step, so that nobody reads half of it. A checkout that cannot be written to is only slower.
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
    // Made again next time.
  }
}
