import { join } from "node:path";

/**
 * This checkout, whose gitops/ belongs to its user. Tests that import it also run in a checkout with a changed tree:
 * see test/support/tree-readers.ts. Trees to test with are in `fixtures` of test/support/paths.ts.
 */
export const root = join(__dirname, "..", "..");
