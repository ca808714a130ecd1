// Loading this file makes the process end when the one that started it is gone. Pulumi ends its plugins itself; a Pulumi that
// was killed cannot, and its plugins would wait for it for ever. Whatever they were about is finished by the next run.
"use strict";
const { setInterval } = require("node:timers");

const parent = process.ppid;
const everyMilliseconds = 250;
setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, everyMilliseconds).unref();
