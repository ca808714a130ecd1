#!/usr/bin/env node
// The command as npm links it. Node 22 runs the tool (Pulumi's dynamic providers want it, and packages that are modules are
// required); where `node` is older, the one in node_modules is used instead.
"use strict";
const { spawn } = require("node:child_process");
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");
const wanted = [22, 15];
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major > wanted[0] || (major === wanted[0] && minor >= wanted[1])) {
  require("./typescript");
  require(join(root, "cli", "main.ts")).main(process.argv.slice(2));
} else {
  const node = join(root, "node_modules", "node", "bin", "node");
  if (!existsSync(node)) {
    console.error(
      `onebranch needs Node ${wanted.join(".")} or later, found ${process.versions.node}; run \`npm ci\` in ${root}, which brings one along.`,
    );
    process.exit(2);
  }
  const child = spawn(node, [__filename, ...process.argv.slice(2)], { stdio: "inherit" });
  // A Ctrl-C reaches the child by its process group; SIGTERM comes to this process alone and is passed on.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("exit", (code, signal) => (signal ? process.kill(process.pid, signal) : process.exit(code ?? 1)));
}
