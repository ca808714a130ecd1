import { join } from "node:path";

const root = join(__dirname, "..", "..");

/** The trees of the tests, and what they expect. */
export const fixtures = join(root, "test", "fixtures");
export const docs = join(root, "docs");
/** What starts the tool. */
export const bin = join(root, "bin");
/** The bootstrap chart that this repository ships. Its values.yaml belongs to the user of the tree. */
export const bootstrapChart = join(root, "gitops", "bootstrap");
