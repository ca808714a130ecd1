import assert from "node:assert/strict";
import { existsSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { UserError } from "../../../../model/errors";
import { application, bootstrap, FakeCluster } from "../../support/fake-cluster";
import { resources, urn } from "../../support/fake-pulumi";
import { healthyCluster, Tool } from "../../support/tool";

const up = "onebranch up dev --provider embedded";

describe("onebranch up", () => {
  let tool: Tool;
  beforeEach(() => {
    tool = new Tool();
    tool.clusters.set("apiVersion: v1", healthyCluster());
  });
  afterEach(() => tool.checkout.remove());

  it("ends with the table of Applications, the address, the login and the way to kubectl", async () => {
    assert.equal(await tool.run(up), 0);
    const kubeconfig = join(tool.checkout.root, ".onebranch/clusters/dev/kubeconfig");
    assert.equal(
      tool.io.stdout,
      [
        "NAME       SYNC    HEALTH   COMMIT   MESSAGE",
        "bootstrap  Synced  Healthy  0123456",
        "guestbook  Synced  Healthy  0123456",
        "dev is up: 2 applications Synced and Healthy at 0123456 after 0.3 s",
        "",
        `kubectl   export KUBECONFIG=${kubeconfig}`,
        "Argo CD   https://127.0.0.1:20443",
        "log in    argocd login 127.0.0.1:20443 --insecure --username admin --password " +
          `"$(kubectl -n argocd get secret argocd-initial-admin-secret -o jsonpath='{.data.password}' | base64 -d)"`,
        "          user admin",
        "",
        "all clusters on one page: `onebranch ui`",
        "",
      ].join("\n"),
    );
    assert.equal(
      tool.io.stderr,
      [
        "created kubernetes:core/v1:Namespace namespace (0.0 s)",
        "created kubernetes:core/v1:Secret secret (0.0 s)",
        "dev: 2 created",
        "",
      ].join("\n"),
    );
  });

  it("makes the stack once and changes nothing the second time", async () => {
    await tool.run(up);
    assert.deepEqual(tool.pulumi.calls.slice(1), ["prepare embedded", "create dev", "up dev"]);
    assert.equal(await tool.again(up), 0);
    assert.deepEqual(tool.pulumi.calls.slice(1), ["prepare embedded", "up dev"]);
    assert.equal(tool.io.stderr, "dev: 2 unchanged\n");
  });

  it("gives an ephemeral stack an end, which stays until a new one is given", async () => {
    const line = "onebranch up pr-1 --provider embedded --no-wait";
    const ends = () => / its time (.*)\n/.exec(tool.io.stdout)?.[1];
    assert.equal(await tool.run(`${line} --from dev --ttl 4h`), 0);
    assert.deepEqual(
      tool.pulumi.calls[0],
      'check pr-1 {"provider":"embedded","from":"dev","expires":"2026-03-04T09:06:07Z"}',
    );
    assert.equal(ends(), "runs out in 4 h (2026-03-04T09:06:07Z)");
    assert.equal(await tool.again(`${line} --json`), 0);
    const { lifetime } = JSON.parse(tool.io.stdout) as { lifetime: object };
    assert.deepEqual(lifetime, { from: "dev", expires: "2026-03-04T09:06:07Z" });
    assert.equal(await tool.again(`${line} --ttl 2d`), 0);
    assert.equal(ends(), "runs out in 2 d (2026-03-06T05:06:07Z)");
  });

  it("prints the same facts as JSON", async () => {
    await tool.run(up);
    assert.equal(await tool.again(`${up} --json`), 0);
    const { components, kubeconfig, ...rest } = JSON.parse(tool.io.stdout) as Record<string, unknown>;
    assert.deepEqual(rest, {
      cluster: "dev",
      stage: "dev",
      region: "us-east-1",
      provider: "embedded",
      revision: "0123456789abcdef0123456789abcdef01234567",
      changes: { same: 2 },
      healthy: true,
      argocdURL: "https://127.0.0.1:20443",
      argocdLogin: "user admin",
    });
    assert.deepEqual(kubeconfig, { path: join(tool.checkout.root, ".onebranch/clusters/dev/kubeconfig") });
    assert.equal((components as unknown[]).length, 2);
  });

  it("names the directory of kubectl and argocd where the user has none", async () => {
    tool.checkout.write("tools/kubectl", "");
    await tool.run(up);
    assert.ok(tool.io.stdout.includes(`\ntools     export PATH=${tool.checkout.root}/tools:$PATH\n`), tool.io.stdout);
  });

  it("keeps everything of the stack where only its owner reads it", async () => {
    await tool.run(up);
    for (const path of [".onebranch", ".onebranch/pulumi/dev", ".onebranch/state"]) {
      assert.equal(statSync(join(tool.checkout.root, path)).mode & 0o777, 0o700, path);
    }
  });

  it("does not wait with --no-wait", async () => {
    tool.clusters.set("apiVersion: v1", new FakeCluster([new Error("must not be asked")]));
    assert.equal(await tool.run(`${up} --no-wait`), 0);
    assert.match(tool.io.stdout, /^\nkubectl {3}export/);
  });

  it("builds what check and plan need once the cluster is there, and only warns where that fails", async () => {
    tool.pulumi.complete = async () => {
      tool.pulumi.calls.push(`complete after ${/dev is up/.exec(tool.io.stdout)?.[0]}`);
      throw new Error("the disk is full");
    };
    assert.equal(await tool.run(up), 0);
    assert.equal(tool.pulumi.calls.at(-1), "complete after dev is up");
    assert.match(
      tool.io.stderr,
      /\nwarning: dev is up, but what check and plan need could not be built: the disk is full\n$/,
    );
  });

  it("goes on with the provider that the stack was made with", async () => {
    await tool.run(up);
    assert.equal(await tool.again("onebranch up dev"), 0);
    assert.equal(tool.pulumi.calls[0], 'check dev {"provider":"embedded"}');
  });

  it("refuses another provider while there is something to lose", async () => {
    await tool.run(up);
    assert.equal(await tool.again("onebranch up dev --provider kind"), 2);
    assert.equal(
      tool.io.stderr,
      "stack dev was made with provider embedded (2 resources), and kind is asked for; " +
        "run `onebranch destroy dev` first, or go on with --provider embedded\n",
    );
    assert.equal(tool.pulumi.calls.length, 1);
    assert.equal(await tool.again("onebranch up dev"), 0, "the refused provider is not remembered");
  });

  it("reports what is wrong with the settings before anything exists", async () => {
    const finding = { rule: "setting-unknown", severity: "error", file: "Pulumi.dev.yaml", line: 2 } as const;
    tool.pulumi.checkError = UserError.of([
      { ...finding, message: "polSeconds is not a setting", fix: "did you mean pollSeconds?" },
    ]);
    assert.equal(await tool.run(up), 2);
    assert.equal(
      tool.io.stderr,
      "Pulumi.dev.yaml:2: polSeconds is not a setting; did you mean pollSeconds? [setting-unknown]\n",
    );
    assert.equal(existsSync(join(tool.checkout.root, ".onebranch")), false);
  });

  it("says first what a person should know", async () => {
    tool.pulumi.warnings = ["1 file under gitops/ not committed", "the cluster has another version"];
    assert.equal(await tool.run(up), 0);
    assert.ok(
      tool.io.stderr.startsWith(
        "warning: 1 file under gitops/ not committed\nwarning: the cluster has another version\n",
      ),
      tool.io.stderr,
    );
  });

  it("tells the reason of each Application that does not become healthy in time", async () => {
    const orders = application("orders", {
      health: "Degraded",
      troubles: [{ kind: "Deployment", name: "orders", sync: "Synced", health: "Degraded", message: "no image" }],
    });
    tool.clusters.set("apiVersion: v1", new FakeCluster([{ applications: [bootstrap(), orders] }]));
    assert.equal(await tool.run(`${up} --timeout 30s`), 1);
    assert.ok(
      tool.io.stderr.endsWith(
        "dev did not become healthy within 30.0 s:\n" +
          "orders: Degraded\n  Deployment orders is Degraded: no image\n" +
          "look again with `onebranch status dev`; with --fix it starts again what stands still\n",
      ),
      tool.io.stderr,
    );
    assert.match(tool.io.stdout, /^orders +Synced +Degraded +0123456 +Deployment orders is Degraded: no image$/m);
  });

  it("says what it waited for when no Application is to blame", async () => {
    tool.clusters.set("apiVersion: v1", new FakeCluster([{ applications: [] }]));
    assert.equal(await tool.run(`${up} --timeout 1s`), 1);
    assert.match(tool.io.stderr, /\nstill waiting for the ApplicationSet root to make its Application\n/);
  });

  it("tells Pulumi's errors, each with its resource", async () => {
    tool.pulumi.during = async (run) => {
      const diagnosticEvent = {
        urn: urn("dev", "t", "argocd"),
        message: "no room",
        color: "",
        severity: "error" as const,
      };
      run.onEvent({ sequence: 0, timestamp: 0, diagnosticEvent });
    };
    tool.pulumi.failures = [new Error("pulumi up ended with code 255: lots of text")];
    assert.equal(await tool.run(up), 1);
    assert.equal(tool.io.stderr, "up dev failed:\n  argocd: no room\n");
  });

  it("says which passphrase is wrong", async () => {
    tool.pulumi.failures = [new Error("error: getting secrets manager: incorrect passphrase")];
    assert.equal(await tool.run(up), 2);
    const file = join(tool.checkout.root, ".onebranch/passphrase");
    assert.equal(
      tool.io.stderr,
      "the passphrase does not open the secrets of stack dev; " +
        `put the one it was made with back into ${file} (or set PULUMI_CONFIG_PASSPHRASE)\n`,
    );
  });

  it("asks where there is somebody to ask, and not with --yes", async () => {
    tool.io.answers(false);
    assert.equal(await tool.run(up), 1);
    assert.deepEqual(
      [tool.io.questions, tool.io.stderr, tool.pulumi.calls],
      [["bring up dev?"], "nothing was changed\n", []],
    );
    tool.io.answers(false);
    assert.equal(await tool.again(`${up} --yes`), 0);
  });

  describe("on a stack that is locked", () => {
    beforeEach(() => tool.pulumi.writeState("dev", { resources: resources("dev") }));

    it("refuses while somebody works on it, and says who", async () => {
      const since = new Date();
      const file = tool.hasLock("dev", process.pid, since, hostname());
      assert.equal(await tool.run(up), 1);
      assert.equal(
        tool.io.stderr,
        `stack dev is locked by process ${process.pid} of ada on ${hostname()} since ${since.toISOString()}; ` +
          `wait until it is done (or stop it with \`kill -INT ${process.pid}\`), then run \`onebranch up dev\` again. ` +
          `If that process cannot exist any more, delete ${file}\n`,
      );
      assert.ok(!tool.pulumi.calls.includes("up dev"));
    });

    it("clears the lock of a process that is gone", async () => {
      tool.hasLock("dev", 2 ** 22 + 1, new Date(), hostname());
      assert.equal(await tool.run(up), 0);
      assert.deepEqual(tool.pulumi.calls.slice(2), ["cancel dev", "up dev"]);
      assert.equal(tool.io.stderr, "cleared the lock of process 4194305, which is gone\ndev: 2 unchanged\n");
    });

    it("waits for what a killed run had begun", async () => {
      tool.hasRecord("dev");
      const file = tool.hasLock("dev", process.pid, new Date(), hostname());
      tool.io.whileAsleep = (elapsed) => elapsed >= 2000 && rmSync(file, { force: true });
      assert.equal(await tool.run(up), 0);
      assert.equal(tool.io.stderr, "dev: 2 unchanged\n");
    });

    it("does not wait for ever", async () => {
      tool.hasRecord("dev");
      tool.hasLock("dev", process.pid, new Date(), hostname());
      assert.equal(await tool.run(up), 1);
      assert.match(tool.io.stderr, /^stack dev is locked by process/);
    });

    it("waits once more when another run was a moment faster", async () => {
      tool.pulumi.failures = [new Error("error: the stack is currently locked by 1 lock(s)")];
      assert.equal(await tool.run(up), 0);
      assert.deepEqual(tool.pulumi.calls.slice(2), ["up dev", "up dev"]);
    });

    it("gives up when the other one stays", async () => {
      const locked = () => new Error("error: the stack is currently locked by 1 lock(s)");
      tool.pulumi.failures = [locked(), locked()];
      assert.equal(await tool.run(up), 1);
      assert.equal(
        tool.io.stderr,
        "stack dev is locked by another run that has just started; wait for it and run `onebranch up dev` again\n",
      );
    });
  });

  it("stops in order on Ctrl-C and says how to go on", async () => {
    tool.pulumi.during = async ({ signal, kill }) => {
      tool.io.interrupt();
      assert.deepEqual([signal.aborted, kill.aborted], [true, false]);
    };
    assert.equal(await tool.run(up), 130);
    assert.match(tool.io.stderr, /\nstopped; run `onebranch up dev` to go on\n$/);
    tool.pulumi.during = async () => undefined;
    assert.equal(await tool.again("onebranch up dev"), 0);
  });

  it("stops while it waits for Argo CD", async () => {
    tool.clusters.set("apiVersion: v1", new FakeCluster([{ applications: [] }]));
    tool.io.whileAsleep = () => tool.io.interrupt();
    assert.equal(await tool.run(up), 130);
  });
});
