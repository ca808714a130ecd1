// ../onebranch starts this file.
"use strict";
require("./bundle").load("cli/main.ts").main(process.argv.slice(2));
