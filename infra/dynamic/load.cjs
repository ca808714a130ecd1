// Loads the implementation of a local resource inside Pulumi's plugin process, which is plain Node: tsx makes the
// TypeScript of the checkout loadable there, unless the tool's own plugin script has done so (bin/plugin.js).
"use strict";
if (!require.extensions[".ts"]) require("tsx/cjs");
const { dirname, join } = require("node:path");
require("../../machine/end-with-parent.ts");

/**
 * The implementation of a kind, as Pulumi's dynamic provider calls it.
 * @param {string} kind a key of kinds.ts
 */
exports.load = function load(kind) {
  // The implementations find their files by this, also in processes they start.
  process.env.ONEBRANCH_ROOT ||= dirname(dirname(__dirname));
  const { kinds } = require("./kinds.ts");
  const path = kinds[kind];
  if (!path) throw new Error(`${kind} is no local resource of this checkout; known: ${Object.keys(kinds).join(", ")}`);
  return withPlainErrors(require(join(__dirname, path)).implementation);
};

/**
 * Pulumi's plugin prints the stack of an error beside its message; a mistake of the user needs the message only.
 * @param {Record<string, unknown>} implementation
 */
function withPlainErrors(implementation) {
  return Object.fromEntries(
    Object.entries(implementation).map(([name, method]) => [
      name,
      /** @param {unknown[]} args */
      async (...args) => {
        try {
          return await /** @type {Function} */ (method).apply(implementation, args);
        } catch (error) {
          if (error instanceof Error && error.name === "UserError") error.stack = "";
          throw error;
        }
      },
    ]),
  );
}
