import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Docker, KindNode } from "../../../../infra/providers/kind/docker";
import { docker } from "../../../../infra/providers/kind/docker";
import { checkKind, type Machine } from "../../../../infra/providers/kind/preflight";
import type { KindSettings } from "../../../../infra/providers/kind/settings";

const settings: KindSettings = {
  name: "kind",
  clusterName: "onebranch-dev",
  nodeImage: "x",
  loadImages: [],
  port: 18730,
  kubeconfigPath: "/checkout/.onebranch/kind/dev.kubeconfig",
};

interface Situation {
  problem?: string;
  nodes?: KindNode[];
  free?: boolean;
}

function machine({ problem, nodes = [], free = true }: Situation): Machine {
  const fake: Docker = {
    problem: () => Promise.resolve(problem),
    nodes: () => Promise.resolve(nodes),
    remove: () => assert.fail("nothing is removed"),
  };
  return { docker: fake, readState: () => Promise.resolve([]), isFree: () => Promise.resolve(free) };
}

describe("checkKind", () => {
  it("has nothing against a machine with Docker and a free port", () =>
    checkKind("dev", "/checkout", settings, machine({})));

  it("says that Docker is missing, and what works without", async () => {
    await assert.rejects(checkKind("dev", "/checkout", settings, machine({ problem: "`docker` is not installed" })), {
      name: "UserError",
      exitCode: 1,
      message:
        "the provider kind needs Docker, but `docker` is not installed; start Docker, or do without: onebranch up dev --provider embedded",
    });
  });

  it("says that the port is taken", async () => {
    await assert.rejects(checkKind("dev", "/checkout", settings, machine({ free: false })), {
      exitCode: 1,
      message:
        "port 18730 on 127.0.0.1, where Argo CD of dev is to answer, is taken by another program; stop that, or choose another: pulumi config set kindPort <port> -s dev",
    });
  });

  it("does not mind that its own cluster holds the port", async () => {
    const root = mkdtempSync(join(tmpdir(), "onebranch-preflight-"));
    const node = { id: "a", name: "n", running: true, mounts: [{ source: root, destination: "/repo" }] };
    const recorded = [{ type: "kind:index/cluster:Cluster", urn: "u", inputs: { name: "onebranch-dev" } }];
    const situation = { ...machine({ nodes: [node], free: false }), readState: () => Promise.resolve(recorded) };
    await checkKind("dev", root, settings, situation);
    rmSync(root, { recursive: true });
  });
});

describe("docker on PATH", () => {
  const path = process.env.PATH;
  afterEach(() => {
    process.env.PATH = path;
  });

  it("is missed with a sentence", async () => {
    process.env.PATH = join(__dirname, "nowhere");
    assert.equal(await docker.problem(), "`docker` is not installed");
    assert.deepEqual(await docker.nodes("onebranch-dev"), []);
  });
});
