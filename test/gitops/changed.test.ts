import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Checkout } from "../e2e/support/checkout";
import { changedCheckout } from "../support/changed-checkout";
import { root } from "../support/root";

/**
 * gitops/ belongs to its user, who runs `make test` too. Tests that can read it import test/support/root.ts, and a rule of
 * ESLint keeps all others inside of test/. They are run here; `make test-changed` runs everything.
 */
describe("a checkout whose user changed the tree", function () {
  this.timeout(300_000);
  let checkout: Checkout | undefined;

  before(async () => {
    checkout = await changedCheckout();
  });
  after(() => checkout?.remove());

  function run(program: string, ...args: string[]): string {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "node_modules", ".bin", program), ...args], {
      cwd: checkout!.root,
      encoding: "utf8",
    });
    assert.equal(status, 0, stdout + stderr);
    return stdout;
  }

  it("passes the tests that can read it", () => {
    const options = ["--config", ".dependency-cruiser.mjs", "--output-type", "json"];
    const graph = run("depcruise", ...options, "--reaches", "^test/support/root\\.ts$", "test");
    const { modules } = JSON.parse(graph) as { modules: { source: string }[] };
    const files = modules
      .map(({ source }) => source)
      .filter((file) => file.endsWith(".test.ts") && !/^test\/e2e(-kind)?\//.test(file));
    assert.ok(files.includes("test/gitops/shipped.test.ts"));
    const others = files.filter((file) => !file.endsWith("gitops/changed.test.ts"));
    run("mocha", "--no-config", "--require", "tsx", "--timeout", "60000", "--parallel", "--jobs", "2", ...others);
  });
});
