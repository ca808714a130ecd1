// Makes the TypeScript of this checkout loadable by plain Node, and keeps what was compiled. A start takes a third of the time
// that it takes with tsx, which also looks at each of the thousand files of the packages, and nothing is left in the user's
// temporary directory. Loading this file does it.
"use strict";
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { basename, join, relative } = require("node:path");

const root = join(__dirname, "..");
const directory = join(root, "node_modules", ".cache", "onebranch");
// What was compiled by another version, or for another one of Node, is not taken.
const edition = [require("esbuild/package.json").version, process.versions.node].join(" ");

Module.enableCompileCache(join(directory, "v8"));
// Stack traces name lines of the sources; packages are left out, since reading their maps takes longer than running them.
Module.setSourceMapsSupport?.(true, { nodeModules: false });

/** @type {(module: NodeModule & { _compile(code: string, file: string): void }, file: string) => void} */
const loadTypeScript = (module, file) => module._compile(compiled(file), file);
Object.assign(require.extensions, { ".ts": loadTypeScript });

/**
 * The JavaScript of a TypeScript file, from the cache when it was compiled before. There is one file in the cache for each
 * source, so that it does not grow, and it ends with the key of what it was made from.
 * @param {string} file
 */
function compiled(file) {
  const source = readFileSync(file, "utf8");
  const key = `//${createHash("sha256").update(edition).update(source).digest("hex")}`;
  const kept = join(directory, `${relative(root, file).replace(/[^\w.-]/g, "_")}.js`);
  const code = read(kept);
  if (code?.endsWith(key)) return code;
  const fresh = `${compile(file, source)}${key}`;
  keep(kept, fresh);
  return fresh;
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/**
 * @param {string} file
 * @param {string} source
 */
function compile(file, source) {
  /** @type {import("esbuild")} */
  const { transformSync } = require("esbuild");
  const target = `node${process.versions.node}`;
  const sourcefile = basename(file);
  return transformSync(source, { loader: "ts", format: "cjs", target, sourcefile, sourcemap: "inline" }).code;
}

/**
 * Keeps a file in one step, so that nobody reads half of it. A checkout that cannot be written to is only slower.
 * @param {string} file
 * @param {string} code
 */
function keep(file, code) {
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(directory, { recursive: true });
    writeFileSync(draft, code);
    renameSync(draft, file);
  } catch {
    // Compiled again next time.
  }
}
