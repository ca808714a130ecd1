// Run by whatever Node the shell has, before and after the packages are installed: the tool itself runs with the Node among them.
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
