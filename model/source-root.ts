import { join } from "node:path";

/** The checkout that this code comes from. Both model/ and the bundles in dist/ (bin/bundle.js) are one level below it. */
export const sourceRoot = join(__dirname, "..");
