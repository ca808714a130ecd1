// Loaded before Pulumi's host of dynamic resources, in the process that the engine starts. A killed engine leaves its plugins
// running; this one ends when its parent is gone, so that nothing goes on working for a run that nobody waits for.
"use strict";
require("./typescript");
const { setInterval } = require("node:timers");

const parent = process.ppid;
const everyMilliseconds = 250;
setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, everyMilliseconds).unref();
