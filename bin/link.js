// Run by npm after an installation: puts the tool beside the commands of the packages, where `npx onebranch` looks first.
// Without it npx would install a link to this package into its own cache, once for every checkout.
"use strict";
require("./check-node");
const { mkdirSync, rmSync, symlinkSync } = require("fs");
const { join } = require("path");

const directory = join(__dirname, "..", "node_modules", ".bin");
const link = join(directory, "onebranch");
mkdirSync(directory, { recursive: true });
rmSync(link, { force: true });
symlinkSync(join("..", "..", "onebranch"), link);
