import { join, normalize } from "node:path";

const root = join(__dirname, "..", "..");

/** A file of this checkout. Those in gitops/ belong to its user: see test/support/root.ts. */
export function inCheckout(path: string): string {
  if (/^(\.|gitops)(\/|$)/.test(normalize(path))) throw new Error(`${path}: import test/support/root.ts for it`);
  return join(root, path);
}

/** The trees of the tests, and what they expect. */
export const fixtures = inCheckout("test/fixtures");
export const docs = inCheckout("docs");
/** What lies beside the checkout: archives that no test may download. */
export const beside = join(root, "..", "shared");
/** The bootstrap chart that this repository ships. Its values.yaml belongs to the user of the tree. */
export const bootstrapChart = join(root, "gitops", "bootstrap");
/** The charts that this repository ships; only the one of the requirements may be read by tests. */
export const shippedCharts = join(root, "gitops", "charts");
/** What makes a chart of the teams' files; the files themselves belong to the user of the tree. */
export const shippedTeams = join(root, "gitops", "teams");
