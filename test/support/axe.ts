import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";

interface Violation {
  id: string;
  impact: string;
  nodes: { target: string[]; failureSummary: string }[];
}

/** What axe-core finds in a page that is serious or critical, one line each. */
export async function seriousFaults(page: Page): Promise<string[]> {
  // The page's own policy allows no script but its own; what the test evaluates is not subject to it.
  await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
  const { violations } = await page.evaluate<{ violations: Violation[] }>(
    "axe.run(document, { resultTypes: ['violations'] })",
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ target }) => target.join(" ")).slice(0, 3)}: ${nodes[0]!.failureSummary}`,
    );
}
