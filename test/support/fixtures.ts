import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requiredChart } from "../../model/layers";
import { bootstrapChart, fixtures, shippedCharts, shippedTeams } from "./paths";

/**
 * Puts everything of the shipped bootstrap chart except values.yaml, the chart of the teams' files without a team, and the chart of
 * its requirements, into a tree; files that are there stay.
 */
export function addBootstrap(root: string): void {
  for (const name of ["Chart.yaml", "templates"]) {
    const to = join(root, "gitops", "teams", name);
    cpSync(join(shippedTeams, name), to, { recursive: true, force: false });
  }
  for (const name of ["Chart.yaml", "values.schema.json", "templates"]) {
    const to = join(root, "gitops", "bootstrap", name);
    cpSync(join(bootstrapChart, name), to, { recursive: true, force: false });
  }
  const requirement = join(requiredChart.name, requiredChart.version);
  cpSync(join(shippedCharts, requirement), join(root, "gitops", "charts", requirement), {
    recursive: true,
    force: false,
  });
}

/** Puts the tree of the tests, test/fixtures/tree, into a directory; its bootstrap chart is the shipped one. */
export function addTree(root: string): void {
  cpSync(join(fixtures, "tree", "gitops"), join(root, "gitops"), { recursive: true });
  addBootstrap(root);
}

/**
 * Puts the tree of the checks into a directory, with three rings in prod: orders is on its way with a pin and values, quotas with
 * values alone, and reports, which is new in prod, is in two rings.
 */
export function addRingTree(root: string): void {
  for (const part of [["check", "tree"], ["rings"]]) {
    cpSync(join(fixtures, ...part, "gitops"), join(root, "gitops"), { recursive: true, verbatimSymlinks: true });
  }
  addBootstrap(root);
}

/** Puts the tree of the tests with its teams in files, and the chart that reads them, into a directory. */
export function addTeamTree(root: string): void {
  for (const part of ["tree", "teams"]) {
    cpSync(join(fixtures, part, "gitops"), join(root, "gitops"), { recursive: true });
  }
  addBootstrap(root);
  const to = join(root, "gitops", "charts", tenantChart);
  if (hasTenantChart) cpSync(join(shippedCharts, tenantChart), to, { recursive: true });
}

/** The chart that gives teams what they have. gitops/ belongs to its user, who may do without it. */
const tenantChart = join("tenant", "2.1.0");
export const hasTenantChart = existsSync(join(shippedCharts, tenantChart));

/** A directory with that tree, for the tests of one `describe`. */
export function useTree(): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "onebranch-tree-")));
  addTree(root);
  after(() => rmSync(root, { recursive: true, force: true }));
  return root;
}
