// Loads the implementation of a local resource inside Pulumi's plugin process, which is plain Node.
"use strict";
require("../../machine/end-with-parent.cjs");
const { dirname } = require("node:path");
const { load } = require("../../bin/bundle");

// The implementations find their files by this, also in processes they start.
process.env.ONEBRANCH_ROOT ||= dirname(dirname(__dirname));
exports.load = load("infra/dynamic/implementations.ts").implementationOf;
