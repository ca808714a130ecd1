// Loading this file makes the process end when its parent is gone. Pulumi normally ends its plugins. A Pulumi that was killed
// cannot, and its plugins would wait for it for ever. The next run finishes what they were doing.
"use strict";
const { setInterval } = require("node:timers");

const parent = process.ppid;
const everyMilliseconds = 250;
setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, everyMilliseconds).unref();
