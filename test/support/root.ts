import { join } from "node:path";

/**
 * This checkout, whose gitops/ belongs to its user: tests that import it are run in a checkout with a changed tree too
 * (test/gitops/changed.test.ts). Trees to test with are in `fixtures`.
 */
export const root = join(__dirname, "..", "..");
