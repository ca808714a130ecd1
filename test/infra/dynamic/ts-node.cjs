// Loads TypeScript the way Pulumi's language host does: with the ts-node that it brings along.
"use strict";
const vendored = require.resolve("@pulumi/pulumi/package.json").replace(/package\.json$/, "vendor/ts-node@7.0.1");
require(vendored).register({ compiler: "typescript", project: "tsconfig.json", transpileOnly: true });
