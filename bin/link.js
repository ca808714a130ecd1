// Run by npm after an installation: puts `onebranch` beside the commands of the packages, where `npx onebranch` looks first.
// Without it npx installs a link to this package into its own cache, once more for every checkout.
"use strict";
const { mkdirSync, rmSync, symlinkSync } = require("node:fs");
const { join } = require("node:path");

const directory = join(__dirname, "..", "node_modules", ".bin");
const link = join(directory, "onebranch");
if (process.platform !== "win32") {
  mkdirSync(directory, { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(join("..", "..", "bin", "onebranch.js"), link);
}
