import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { UserError } from "../../../../model/errors";
import { FakeIo } from "../../support/fake-io";
import { resources, urn } from "../../support/fake-pulumi";
import { Tool } from "../../support/tool";

const destroy = "onebranch destroy dev --yes";

describe("onebranch destroy", () => {
  let tool: Tool;
  beforeEach(() => (tool = new Tool()));
  afterEach(() => tool.checkout.remove());
  const left = (path = "") => existsSync(join(tool.checkout.root, ".onebranch", path));
  const up = (stack: string) => tool.again(`onebranch up ${stack} --provider embedded --no-wait`);

  it("removes everything, down to the directory of the tool", async () => {
    await up("dev");
    assert.equal(await tool.again(destroy), 0);
    assert.deepEqual(tool.pulumi.calls, ["prepare embedded", "destroy dev", "removeLeftovers dev"]);
    assert.equal(tool.io.stdout, "dev: 2 deleted; nothing of it is left\n");
    assert.equal(
      tool.io.stderr,
      "deleted kubernetes:core/v1:Namespace namespace (0.0 s)\ndeleted kubernetes:core/v1:Secret secret (0.0 s)\n",
    );
    assert.equal(left(), false);
  });

  it("leaves other stacks with what they need", async () => {
    await up("dev");
    await up("staging");
    assert.equal(await tool.again(destroy), 0);
    assert.deepEqual([left("pulumi/dev"), left("state/.pulumi/stacks/onebranch/dev.json")], [false, false]);
    assert.deepEqual([left("pulumi/staging/run.json"), left("passphrase")], [true, true]);
    assert.equal(tool.pulumi.readState("staging")?.resources?.length, 2);
  });

  it("removes what else Pulumi keeps of the stack, and nothing of one whose name begins alike", async () => {
    await up("dev");
    const files = ["stacks/onebranch/dev.json.bak", "history/onebranch/dev/1.json", "backups/onebranch/dev/1.json"];
    for (const file of files) tool.checkout.write(`.onebranch/state/.pulumi/${file}`, "{}");
    tool.pulumi.writeState("dev-2", { resources: resources("dev-2") });
    assert.equal(await tool.again(destroy), 0);
    for (const file of files) assert.equal(left(`state/.pulumi/${file}`), false, file);
    assert.equal(left("state/.pulumi/stacks/onebranch/dev-2.json"), true);
  });

  it("says that there is nothing the second time, and needs no tools for it", async () => {
    await up("dev");
    await tool.again(destroy);
    assert.equal(await tool.again(destroy), 0);
    assert.equal(tool.io.stdout, "dev: nothing to destroy\n");
    assert.deepEqual(tool.pulumi.calls, []);
    assert.equal(left(), false);
  });

  it("says so as JSON", async () => {
    assert.equal(await tool.run(`${destroy} --json`), 0);
    assert.deepEqual(JSON.parse(tool.io.stdout), { stack: "dev", changes: {} });
  });

  it("removes a cluster that a killed up left without a state", async () => {
    tool.hasKubeconfig("dev");
    assert.equal(await tool.run(destroy), 0);
    assert.deepEqual(tool.pulumi.calls, ["removeLeftovers dev"]);
  });

  it("refuses a name that nothing has", async () => {
    assert.equal(await tool.run("onebranch destroy deev --yes"), 2);
    assert.equal(
      tool.io.stderr,
      "there is no stack deev, neither in gitops/clusters nor in the state; did you mean dev?\n",
    );
    assert.equal(await tool.again("onebranch destroy pr-123 --yes"), 2);
    assert.equal(
      tool.io.stderr,
      "there is no stack pr-123, neither in gitops/clusters nor in the state; there are dev, staging\n",
    );
  });

  it("destroys a stack whose cluster left the tree, and one whose tree is broken", async () => {
    tool.pulumi.checkError = new UserError("the tree is broken");
    tool.pulumi.writeState("pr-123", { resources: resources("pr-123") });
    assert.equal(await tool.run("onebranch destroy pr-123 --yes"), 0);
    assert.equal(left(), false);
  });

  it("destroys what another checkout made, in the backend that the shell names, and has nothing to do the second time", async () => {
    const elsewhere = () => {
      tool.io = new FakeIo(tool.checkout.root);
      tool.io.env.PULUMI_BACKEND_URL = `file://${tool.pulumi.state}`;
      return tool.run("onebranch destroy pr-123 --yes");
    };
    tool.pulumi.checkError = new UserError("pr-123 matches no cluster");
    tool.pulumi.writeState("pr-123", { resources: resources("pr-123") });
    assert.equal(await elsewhere(), 0);
    assert.deepEqual(tool.pulumi.calls.slice(-2), ["removeLeftovers pr-123", "remove pr-123"]);
    assert.equal(await elsewhere(), 0);
    assert.equal(tool.io.stdout, "pr-123: nothing to destroy\n");
  });

  it("asks where there is somebody to ask", async () => {
    await up("dev");
    tool.io.answers(false);
    assert.equal(await tool.again("onebranch destroy dev"), 1);
    assert.equal(tool.io.stderr, "nothing was changed\n");
    tool.io.answers(true);
    assert.equal(await tool.again("onebranch destroy dev"), 0);
  });

  it("clears the lock of a dead run and deletes what it had begun to make", async () => {
    tool.hasRecord("dev");
    const resource = {
      urn: urn("dev", "kubernetes:core/v1:Namespace", "late"),
      type: "kubernetes:core/v1:Namespace",
      inputs: { metadata: { name: "late" } },
    };
    const pending = [{ type: "creating", resource }];
    tool.pulumi.writeState("dev", { resources: resources("dev"), pending_operations: pending });
    tool.hasLock("dev", 2 ** 22 + 1, new Date(), hostname());
    let known: string[] = [];
    tool.pulumi.during = async () => {
      known = (tool.pulumi.readState("dev")?.resources ?? []).map(({ id }) => id ?? "");
    };
    assert.equal(await tool.run(destroy), 0);
    assert.deepEqual(known, ["namespace", "secret", "late"]);
    assert.equal(left(), false);
  });

  it("is finished by a second run when the first one failed", async () => {
    await up("dev");
    tool.pulumi.failures = [new Error("error: the cluster is on fire")];
    assert.equal(await tool.again(destroy), 1);
    assert.equal(tool.io.stderr, "destroy dev failed:\n  error: the cluster is on fire\n");
    assert.equal(left("pulumi/dev/run.json"), true);
    assert.equal(await tool.again(destroy), 0);
    assert.equal(left(), false);
  });

  it("stops in order on Ctrl-C and says how to go on", async () => {
    await up("dev");
    tool.pulumi.during = async () => void tool.io.interrupt();
    assert.equal(await tool.again(destroy), 130);
    assert.match(tool.io.stderr, /\nstopped; run `onebranch destroy dev` to go on\n$/);
  });
});
