// Loads tsx, with what it and V8 compile kept in the checkout: they halve the start of a process, and nothing may be left in
// the user's temporary directory, which is where tsx would keep it. Loading this file does it.
"use strict";
const { accessSync, constants, mkdirSync } = require("node:fs");
const { enableCompileCache } = require("node:module");
const { join } = require("node:path");

const directory = join(__dirname, "..", "node_modules", ".cache", "onebranch");
const { TMPDIR } = process.env;
try {
  mkdirSync(directory, { recursive: true });
  accessSync(directory, constants.W_OK);
  enableCompileCache(join(directory, "compiled"));
  process.env.TMPDIR = directory;
} catch {
  process.env.TSX_DISABLE_CACHE = "1";
}
require("tsx/cjs");
if (TMPDIR === undefined) delete process.env.TMPDIR;
else process.env.TMPDIR = TMPDIR;
