// Loaded before Pulumi's host of dynamic resources, in the process that Pulumi starts.
"use strict";
require("./typescript");
require("../machine/end-with-parent.ts");
