import { cpSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requiredChart } from "../../model/layers";
import { bootstrapChart, fixtures, shippedCharts } from "./paths";

/** Puts everything of the shipped bootstrap chart except values.yaml, and the chart of its requirements, into a tree; files that are there stay. */
export function addBootstrap(root: string): void {
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

/** A directory with that tree, for the tests of one `describe`. */
export function useTree(): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "onebranch-tree-")));
  addTree(root);
  after(() => rmSync(root, { recursive: true, force: true }));
  return root;
}
