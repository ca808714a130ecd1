import assert from "node:assert/strict";
import { join } from "node:path";
import { Checkout } from "./support/checkout";
import { Cluster } from "./support/cluster";
import { eventually } from "./support/eventually";
import { filesOf, processesOf } from "./support/leftovers";

/** One finished step of a run: `created kubernetes:core/v1:Namespace argocd (0.3 s)`. */
function step(line: string, verb: "created" | "deleted"): string | undefined {
  return new RegExp(`^\\s*${verb} (\\S+ \\S+)`).exec(line)?.[1];
}

/**
 * Runs a command again and again; each run is killed with SIGKILL right after the first step that no earlier run was killed
 * at, so that the test finds the steps itself. Returns the steps and the output of the run that was not killed.
 */
async function killAfterEachStep(checkout: Checkout, verb: "created" | "deleted", args: string[]) {
  const steps: string[] = [];
  for (;;) {
    const command = checkout.start(...args);
    command.onLine((line) => {
      const found = step(line, verb);
      if (!found || steps.includes(found)) return;
      steps.push(found);
      command.signal("SIGKILL");
    });
    const result = await command.result();
    if (result.signal !== "SIGKILL") return { steps, result };
    assert.ok(steps.length < 100, `no end after ${steps.join(", ")}`);
  }
}

describe("a killed command is finished by running it again", () => {
  const checkout = new Checkout();
  const up = ["up", "dev", "--provider", "embedded", "--yes"];
  let cluster: Cluster;
  let undisturbed: string[];

  before(async () => {
    cluster = await Cluster.of(checkout, "dev");
    await checkout.succeed(...up);
    undisturbed = cluster.inventory();
  });

  after(async () => {
    await checkout.onebranch("destroy", "dev", "--yes");
    checkout.remove();
  });

  it("destroy, killed after each resource it deletes, leaves nothing", async () => {
    const { steps, result } = await killAfterEachStep(checkout, "deleted", ["destroy", "dev", "--yes"]);
    assert.equal(result.code, 0, result.output);
    assert.ok(steps.length >= 2, `the test should have killed destroy more than once, did at ${steps.join(", ")}`);
    await eventually(async () => {
      const left = processesOf(checkout.root);
      return { holds: left.length === 0, message: `no process should be left, there are ${left.join("; ")}` };
    }, 30);
    assert.deepEqual(filesOf(join(checkout.root, ".onebranch", "clusters")), []);
  });

  it("up, killed after each resource it creates, ends with the same objects", async () => {
    const { steps, result } = await killAfterEachStep(checkout, "created", up);
    assert.equal(result.code, 0, result.output);
    assert.ok(steps.length >= 10, `the test should have killed up at every resource, did at ${steps.join(", ")}`);
    assert.deepEqual(cluster.inventory(), undisturbed);
    await eventually(cluster.followed(checkout.git("rev-parse", "HEAD")));
  });

  it("a further up changes nothing", async () => {
    const { stdout } = await checkout.succeed(...up, "--json");
    const { changes } = JSON.parse(stdout) as { changes: Record<string, number> };
    assert.deepEqual(Object.keys(changes), ["same"]);
  });
});
