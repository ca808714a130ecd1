import { execFileSync } from "node:child_process";
import { join } from "node:path";

/**
 * Tests that can read gitops/, which belongs to its user: those that import test/support/root.ts. A rule of ESLint keeps all
 * others inside of test/, so that they say the same whatever gitops/ holds; so do lint, types and the tests in Go.
 */
export function treeReaders(checkout: string): string[] {
  const options = ["--config", ".dependency-cruiser.mjs", "--output-type", "json"];
  const reaches = ["--reaches", "^test/support/root\\.ts$", "test"];
  const graph = execFileSync(join(checkout, "node_modules", ".bin", "depcruise"), [...options, ...reaches], {
    cwd: checkout,
    encoding: "utf8",
    maxBuffer: 64 << 20,
  });
  const { modules } = JSON.parse(graph) as { modules: { source: string }[] };
  const files = modules
    .map(({ source }) => source)
    .filter((file) => file.endsWith(".test.ts") && !/^test\/e2e(-kind)?\//.test(file));
  if (!files.includes("test/gitops/shipped.test.ts")) throw new Error("the tests of gitops/ are not found");
  return files;
}
