// The text of this file is what Pulumi stores as the code of every local resource and runs in its own process. It only
// finds the checkout and loads today's implementation from there, so that no path and no logic stands in the state.
"use strict";

/** @param {string} kind */
exports.provider = function provider(kind) {
  const root = process.env.ONEBRANCH_ROOT || process.cwd();
  return require(root + "/infra/dynamic/load.cjs").load(kind);
};
