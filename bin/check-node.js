// Run by the shell's own Node, before and after the packages are installed. The tool itself runs with the Node among the packages.
"use strict";
const wanted = require("../package.json").engines.node.replace(">=", "");
/** @param {string} version */
const number = (version) => version.split(".").reduce((sum, part, place) => sum + Number(part) / 1000 ** place, 0);

if (number(process.versions.node) < number(wanted)) {
  console.error(
    `onebranch: installing the packages needs Node ${wanted} or later, and \`node\` of this shell is ${process.versions.node}; put a later one on PATH, from https://nodejs.org or your version manager`,
  );
  process.exit(2);
}
