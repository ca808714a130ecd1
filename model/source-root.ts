import { join } from "node:path";

/** The checkout that this code comes from. It is found from model/ and from a bundle in dist/ (bin/bundle.js) alike: both are one level below it. */
export const sourceRoot = join(__dirname, "..");
