import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clusterStatus, removeCluster, stopCluster } from "../../infra/providers/embedded/runtime";
import { Api, type KubernetesObject } from "../../infra/providers/embedded/runtime/api";
import { argocdNames } from "../../infra/providers/embedded/runtime/argocd-parameters";
import { controlPlaneNames } from "../../infra/providers/embedded/runtime/control-plane-specs";
import { livingProcess, pidFile } from "../../infra/providers/embedded/runtime/pid-file";
import { Embedded, listening } from "./support/embedded";
import { eventually } from "./support/eventually";
import { processesOf } from "./support/leftovers";
import { say, statusOf } from "./support/ports";

interface Pod {
  spec: { nodeName?: string };
  status: { phase?: string; conditions?: { type: string; message?: string }[] };
}

const everyProcess = [...controlPlaneNames, ...argocdNames];

describe("embedded runtime", () => {
  let root: string;
  let dev: Embedded;
  let staging: Embedded;

  before(() => {
    root = mkdtempSync(join(tmpdir(), "onebranch-runtime-e2e-"));
    dev = new Embedded(root, "dev");
    staging = new Embedded(root, "staging");
  });
  after(async () => {
    for (const { name } of [dev, staging]) await removeCluster(root, name);
    rmSync(root, { recursive: true, force: true });
  });

  /** Kills processes of a cluster as a crash does, and waits until they are gone. */
  async function crash(cluster: Embedded, names: readonly string[]): Promise<void> {
    const records = await Promise.all(names.map((name) => livingProcess(pidFile(cluster.paths.run, name))));
    for (const record of records) process.kill(record!.pid, "SIGKILL");
    const gone = async () => {
      const left = await Promise.all(names.map((name) => livingProcess(pidFile(cluster.paths.run, name))));
      return { holds: left.every((record) => !record), message: `${names.join(", ")} should be gone` };
    };
    await eventually(gone, 10);
  }

  async function assertWhole(cluster: Embedded): Promise<void> {
    assert.deepEqual(Object.keys(await cluster.pids()), everyProcess);
  }

  it("is finished by the next start, wherever the one before was killed", async () => {
    const seen = new Set<string>();
    /** Kills at each step it has not seen yet: once right away, and once when the started process has its pid file. */
    const fresh = async (step: string): Promise<boolean> => {
      if (!seen.has(step)) return Boolean(seen.add(step));
      const process = /^starting (.*)$/.exec(step)?.[1];
      if (!process || seen.has(`${step}, done`)) return false;
      seen.add(`${step}, done`);
      await eventually(async () => {
        const record = await livingProcess(pidFile(dev.paths.run, process));
        return { holds: record !== undefined, message: `${process} should have a pid file` };
      }, 10);
      return true;
    };
    let kills = 0;
    while ((await dev.killAt(fresh)).signal === "SIGKILL") assert.ok(++kills < 50, "the start does not get further");
    for (const name of everyProcess) assert.ok(seen.has(`starting ${name}`), `never killed at the start of ${name}`);
    await assertWhole(dev);
    assert.equal(processesOf(dev.paths.home).length, everyProcess.length);
  });

  it("leaves everything alone when it runs already", async () => {
    const before = await dev.pids();
    assert.deepEqual(await dev.start(), ["applying the settings of Argo CD"]);
    assert.deepEqual(await dev.pids(), before);
  });

  it("listens on this machine only", async () => {
    const addresses = listening(Object.values(await dev.pids()));
    assert.ok(addresses.length >= 9, `only ${addresses.length} ports`);
    for (const address of addresses) assert.match(address, /^0100007F:/);
  });

  it("refuses a caller without credentials", async () => {
    const ports = await dev.ports();
    assert.equal(await statusOf(ports["kube-apiserver"], "/api"), 401);
    assert.equal(await statusOf(ports["kube-apiserver"], "/healthz"), 401);
    assert.equal(await statusOf(ports["argocd-server"], "/api/v1/applications"), 401);
    await assert.rejects(statusOf(ports.etcd, "/health"), /certificate required/i);
    await assert.rejects(statusOf(ports["etcd-peer"], "/members"), /certificate required/i);
    assert.match(await say(ports.redis, "*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n"), /^-NOAUTH/);
    // What opens the API server does not open etcd.
    const admin = await Api.connect(dev.paths, ports.etcd, "admin", "etcd-ca");
    assert.equal(await admin.isOk("/health"), false);
    admin.close();
  });

  it("lets people log in to Argo CD with the password it made", async () => {
    const api = await dev.api();
    const path = "/api/v1/namespaces/argocd/secrets/argocd-initial-admin-secret";
    const secret = await api.get<{ data: { password: string } }>(path);
    api.close();
    const password = Buffer.from(secret!.data.password, "base64").toString();
    const port = (await dev.ports())["argocd-server"];
    const log = (word: string) => statusOf(port, "/api/v1/session", { body: { username: "admin", password: word } });
    assert.equal(await log(password), 200);
    assert.equal(await log(`${password}!`), 401);
  });

  it("runs pods and jobs without containers", async () => {
    const api = await dev.api();
    const template = { spec: { restartPolicy: "Never", containers: [{ name: "main", image: "none" }] } };
    await api.create("/apis/batch/v1/namespaces/default/jobs", {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "once" },
      spec: { template },
    });
    await eventually(async () => {
      const job = await api.get<{ status: { succeeded?: number } }>("/apis/batch/v1/namespaces/default/jobs/once");
      return { holds: job?.status.succeeded === 1, message: "the job should be done" };
    }, 30);
    api.close();
  });

  it("keeps a pod waiting for a node or a volume that is not there, says why, and lets it in when it is", async () => {
    const api = await dev.api();
    const path = "/api/v1/namespaces/default/pods";
    const pods = {
      elsewhere: { nodeSelector: { "example.com/disk": "fast" } },
      tolerant: { tolerations: [{ key: "example.com/closed", operator: "Exists" }] },
      unbound: { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }] },
      gated: { schedulingGates: [{ name: "example.com/later" }] },
    };
    for (const [name, spec] of Object.entries(pods)) {
      const containers = [{ name: "main", image: "none" }];
      await api.create(path, { apiVersion: "v1", kind: "Pod", metadata: { name }, spec: { containers, ...spec } });
    }
    const of = (name: string) => api.get<Pod>(`${path}/${name}`);
    const runs = (name: string) =>
      eventually(async () => {
        const { status, spec } = (await of(name)) ?? { status: {}, spec: {} };
        const why = `${status.phase} on ${spec.nodeName ?? "no node"}: ${JSON.stringify(status.conditions)}`;
        return { holds: status.phase === "Running", message: `${name} should run, is ${why}` };
      }, 20);
    const waits = (name: string, why: string) =>
      eventually(async () => {
        const said = (await of(name))?.status.conditions?.find(({ type }) => type === "PodScheduled")?.message;
        return { holds: said === why, message: `${name} should wait: ${why}; says ${said}` };
      }, 20);
    await runs("tolerant");
    await waits("elsewhere", "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.");
    await waits("unbound", 'persistentvolumeclaim "data" not found');
    const events = await api.get<{ items: { reason: string; involvedObject: { name: string } }[] }>(
      "/api/v1/namespaces/default/events?fieldSelector=reason=FailedScheduling",
    );
    assert.deepEqual([...new Set(events?.items.map(({ involvedObject: { name } }) => name))].sort(), [
      "elsewhere",
      "unbound",
    ]);
    assert.equal((await of("gated"))?.spec.nodeName, undefined);
    const node = (await api.get<{ items: KubernetesObject[] }>("/api/v1/nodes"))!.items[0]!;
    const labels = { ...(node.metadata.labels as object), "example.com/disk": "fast" };
    await api.replace(`/api/v1/nodes/${node.metadata.name}`, {
      ...{ ...node, apiVersion: "v1", kind: "Node" },
      metadata: { ...node.metadata, labels },
    });
    await runs("elsewhere");
    api.close();
  });

  for (const name of everyProcess) {
    it(`comes back, with its data, after the end of ${name}`, async () => {
      await dev.remember(name);
      const before = await dev.pids();
      await crash(dev, [name]);
      assert.deepEqual(
        (await dev.start()).filter((step) => step.startsWith("starting ")),
        [`starting ${name}`],
      );
      const after = await dev.pids();
      assert.deepEqual({ ...after, [name]: before[name] }, before);
      assert.equal(await dev.recall(), name);
    });
  }

  it("comes back, with its data and ports, after a reboot", async () => {
    await dev.remember("before the reboot");
    const ports = await dev.ports();
    await crash(dev, everyProcess);
    await dev.start();
    await assertWhole(dev);
    assert.deepEqual(await dev.ports(), ports);
    assert.equal(await dev.recall(), "before the reboot");
  });

  it("finds its processes again when their pid files are gone", async () => {
    const before = await dev.pids();
    for (const file of readdirSync(dev.paths.run)) if (file.endsWith(".json")) rmSync(join(dev.paths.run, file));
    await dev.start();
    assert.deepEqual(await dev.pids(), before);
  });

  it("starts beside another one, which neither sees nor notices", async () => {
    const before = await dev.pids();
    await stopCluster({ root, name: "dev" });
    assert.deepEqual(
      (await clusterStatus(root, "dev")).controlPlane.map(({ state }) => state),
      Array(5).fill("dead"),
    );
    await Promise.all([dev.start(), staging.start()]);
    await assertWhole(dev);
    await assertWhole(staging);
    const [mine, theirs] = [await dev.ports(), await staging.ports()];
    assert.equal(Object.values(mine).filter((port) => Object.values(theirs).includes(port)).length, 0);
    assert.equal(await dev.recall(), "before the reboot");
    assert.equal(await staging.recall(), undefined);
    assert.notDeepEqual(await dev.pids(), before);
    // Neither's certificates are good for the other.
    const stranger = await Api.connect(dev.paths, theirs["kube-apiserver"], "admin");
    assert.equal(await stranger.isOk("/readyz"), false);
    stranger.close();
  });

  it("is removed without a trace, and the other one stays as it is", async () => {
    const others = await staging.pids();
    await removeCluster(root, "dev");
    assert.deepEqual(processesOf(dev.paths.home), []);
    assert.equal(existsSync(dev.paths.home), false);
    assert.deepEqual(dev.claims(), []);
    assert.deepEqual(await staging.pids(), others);
    await removeCluster(root, "dev");
    assert.deepEqual(readdirSync(join(root, ".onebranch", "clusters")), ["staging"]);
  });

  it("is removed also when somebody deleted its directory before", async () => {
    rmSync(staging.paths.home, { recursive: true });
    assert.notDeepEqual(processesOf(staging.paths.home), []);
    await removeCluster(root, "staging");
    assert.deepEqual(processesOf(staging.paths.home), []);
    assert.deepEqual(staging.claims(), []);
    assert.deepEqual(readdirSync(join(root, ".onebranch", "clusters")), []);
  });
});
