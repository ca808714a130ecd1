import assert from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { lifetimeType, type Lifetime } from "../../../../model/lifetime";
import { resources, urn } from "../../support/fake-pulumi";
import { Tool } from "../../support/tool";

/** The clock of the tests stands at 2026-03-04T05:06:07Z. */
const [past, older, later] = ["2026-03-04T03:01:00Z", "2026-03-01T00:00:00Z", "2026-03-04T09:00:00Z"] as const;

describe("onebranch sweep", () => {
  let tool: Tool;
  beforeEach(() => (tool = new Tool()));
  afterEach(() => tool.checkout.remove());

  function hasStack(stack: string, lifetime?: Lifetime): void {
    const resource = { urn: urn(stack, lifetimeType, "lifetime"), type: lifetimeType, outputs: { ...lifetime } };
    tool.pulumi.writeState(stack, { resources: [...(lifetime ? [resource] : []), ...resources(stack)] });
    tool.hasRecord(stack);
  }
  const isThere = (stack: string) => tool.pulumi.readState(stack) !== undefined;

  function hasSome(): void {
    hasStack("pr-1", { from: "dev", expires: past });
    hasStack("pr-2", { from: "dev", expires: later });
    hasStack("pr-3", { from: "dev", expires: older });
    hasStack("pr-4", { from: "dev" });
    hasStack("pr-5");
    hasStack("pr-6", { from: "dev", expires: "soon" });
    hasStack("dev", { from: "staging", expires: past });
  }
  const kept = [
    "kept dev: gitops/clusters/dev is a cluster that stays",
    "kept pr-2: its time runs out in 3 h 54 min (2026-03-04T09:00:00Z)",
    "kept pr-4: it has no end; give it one: onebranch up pr-4 --ttl 4h",
    "kept pr-5: it is not ephemeral",
    'kept pr-6: its end "soon" is not a moment; give it one: onebranch up pr-6 --ttl 4h',
  ];

  it("destroys every stack that is past its time, and says what it keeps and why", async () => {
    hasSome();
    assert.equal(await tool.run("onebranch sweep"), 0);
    assert.deepEqual(tool.io.stdout.trimEnd().split("\n"), [
      ...kept,
      "destroyed pr-1: its time ran out 2 h 5 min ago (2026-03-04T03:01:00Z)",
      "destroyed pr-3: its time ran out 3 d 5 h ago (2026-03-01T00:00:00Z)",
    ]);
    assert.deepEqual(["pr-1", "pr-2", "pr-3", "pr-4", "pr-5", "pr-6", "dev"].filter(isThere), [
      "pr-2",
      "pr-4",
      "pr-5",
      "pr-6",
      "dev",
    ]);
    assert.deepEqual(
      tool.pulumi.calls.filter((call) => call.startsWith("destroy ")),
      ["destroy pr-1", "destroy pr-3"],
    );
  });

  it("only says it with --dry-run", async () => {
    hasSome();
    assert.equal(await tool.run("onebranch sweep --dry-run"), 0);
    assert.deepEqual(tool.io.stdout.trimEnd().split("\n"), [
      ...kept,
      "would destroy pr-1: its time ran out 2 h 5 min ago (2026-03-04T03:01:00Z)",
      "would destroy pr-3: its time ran out 3 d 5 h ago (2026-03-01T00:00:00Z)",
    ]);
    assert.deepEqual(tool.pulumi.calls, []);
    assert.ok(isThere("pr-1"));
  });

  it("says it as JSON", async () => {
    hasStack("pr-1", { from: "dev", expires: past });
    hasStack("pr-4", { from: "dev" });
    assert.equal(await tool.run("onebranch sweep --json"), 0);
    assert.deepEqual(JSON.parse(tool.io.stdout), [
      { stack: "pr-4", outcome: "kept", reason: "it has no end; give it one: onebranch up pr-4 --ttl 4h" },
      {
        ...{ stack: "pr-1", outcome: "destroyed", expires: past },
        reason: "its time ran out 2 h 5 min ago (2026-03-04T03:01:00Z)",
      },
    ]);
  });

  it("says so when there is nothing to do, and leaves nothing behind", async () => {
    assert.equal(await tool.run("onebranch sweep"), 0);
    assert.equal(tool.io.stdout, "no stack is past its time\n");
    assert.equal(existsSync(join(tool.checkout.root, ".onebranch")), false);
  });

  it("asks where there is somebody to ask", async () => {
    hasStack("pr-1", { from: "dev", expires: past });
    hasStack("pr-3", { from: "dev", expires: older });
    tool.io.answers(false);
    assert.equal(await tool.run("onebranch sweep"), 1);
    assert.deepEqual(tool.io.questions, ["destroy pr-1 and pr-3?"]);
    assert.equal(tool.io.stderr, "nothing was changed\n");
    assert.ok(isThere("pr-1"));
  });

  it("goes on with the others when one fails", async () => {
    hasStack("pr-1", { from: "dev", expires: past });
    hasStack("pr-3", { from: "dev", expires: older });
    tool.pulumi.failures = [new Error("error: a volume is in use")];
    assert.equal(await tool.run("onebranch sweep"), 1);
    assert.equal(
      tool.io.stdout,
      "failed pr-1: destroy pr-1 failed:\n  error: a volume is in use\n" +
        "destroyed pr-3: its time ran out 3 d 5 h ago (2026-03-01T00:00:00Z)\n",
    );
    assert.deepEqual([isThere("pr-1"), isThere("pr-3")], [true, false]);
  });

  it("leaves a stack that another run works on", async () => {
    hasStack("pr-1", { from: "dev", expires: past });
    tool.hasLock("pr-1", process.pid, new Date(), hostname());
    assert.equal(await tool.run("onebranch sweep"), 1);
    assert.match(tool.io.stdout, /^failed pr-1: stack pr-1 is locked by process \d+ of ada/);
    assert.ok(isThere("pr-1"));
  });

  it("keeps a stack that is renewed while it is on its way", async () => {
    hasStack("pr-1", { from: "dev", expires: past });
    hasStack("pr-3", { from: "dev", expires: older });
    tool.pulumi.during = async () => hasStack("pr-3", { from: "dev", expires: later });
    assert.equal(await tool.run("onebranch sweep"), 0);
    assert.match(tool.io.stdout, /^kept pr-3: its time runs out in 3 h 54 min \(2026-03-04T09:00:00Z\)$/m);
    assert.ok(isThere("pr-3"));
  });

  it("finds a stack whose first run was killed before it had a state", async () => {
    tool.hasRecord("pr-1", { lifetime: { from: "dev", expires: past } });
    assert.equal(await tool.run("onebranch sweep"), 0);
    assert.equal(tool.io.stdout, "destroyed pr-1: its time ran out 2 h 5 min ago (2026-03-04T03:01:00Z)\n");
    assert.deepEqual(tool.pulumi.calls, ["removeLeftovers pr-1"]);
    assert.equal(existsSync(join(tool.checkout.root, ".onebranch")), false);
  });

  it("keeps one whose cluster lives in another checkout: without its state nobody could end it", async () => {
    tool.io.env.PULUMI_BACKEND_URL = `file://${tool.pulumi.state}`;
    const stateOf = (stack: string, provider: string) => {
      const lifetime = {
        urn: urn(stack, lifetimeType, "lifetime"),
        type: lifetimeType,
        outputs: { from: "dev", expires: past },
      };
      const type = "pulumi:pulumi:Stack";
      tool.pulumi.writeState(stack, {
        resources: [{ urn: urn(stack, type, stack), type, outputs: { provider } }, lifetime],
      });
    };
    stateOf("pr-1", "embedded");
    stateOf("pr-2", "kind");
    stateOf("pr-3", "eks");
    mkdirSync(join(tool.checkout.root, ".onebranch/clusters/pr-1"), { recursive: true });
    assert.equal(await tool.run("onebranch sweep --dry-run"), 0);
    const over = "its time ran out 2 h 5 min ago (2026-03-04T03:01:00Z)";
    assert.deepEqual(tool.io.stdout.trimEnd().split("\n"), [
      `kept pr-2: ${over}; it lives in another checkout, so sweep there, or \`onebranch destroy pr-2\` when that is gone`,
      `would destroy pr-1: ${over}`,
      `would destroy pr-3: ${over}`,
    ]);
  });

  it("stops in order on Ctrl-C, and leaves the rest to the next one", async () => {
    hasStack("pr-1", { from: "dev", expires: past });
    hasStack("pr-3", { from: "dev", expires: older });
    tool.pulumi.during = async () => void tool.io.interrupt();
    assert.equal(await tool.run("onebranch sweep"), 130);
    assert.match(tool.io.stderr, /\nstopped; run `onebranch sweep` to go on\n$/);
    assert.ok(isThere("pr-3"));
  });
});
