import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Docker, KindNode } from "../../../../infra/providers/kind/docker";
import { parseNodes } from "../../../../infra/providers/kind/docker";
import {
  implementation,
  kindDirectory,
  kindKubeconfig,
  lookAtKind,
  prepareKind,
  readIntent,
  removeKindFiles,
} from "../../../../infra/providers/kind/files";
import type { StateResource } from "../../../../model/deployment";
import { fixtures } from "../../../support/paths";

const inputs = { stack: "dev", clusterName: "onebranch-dev" };
const recorded: StateResource[] = [{ type: "kind:index/cluster:Cluster", urn: "u", inputs: { name: "onebranch-dev" } }];

describe("the files of a kind cluster", () => {
  let root: string;
  let nodes: KindNode[];
  let removed: string[];
  const docker: Docker = {
    problem: () => Promise.resolve(undefined),
    nodes: () => Promise.resolve(nodes),
    remove: (ids) => {
      removed.push(...ids);
      nodes = [];
      return Promise.resolve();
    },
  };
  const state = (resources: StateResource[] | undefined) => () => Promise.resolve(resources);

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "onebranch-kind-"));
    nodes = [];
    removed = [];
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const node = (): KindNode => ({
    id: "aa",
    name: "onebranch-dev-control-plane",
    running: false,
    mounts: [{ source: root, destination: "/repo" }],
  });

  it("note before the cluster that it is meant to be, for this user only", async () => {
    await prepareKind(inputs, root, docker, state([]));
    assert.deepEqual(readIntent(root, "dev"), { clusterName: "onebranch-dev" });
    assert.equal(statSync(kindDirectory(root)).mode & 0o777, 0o700);
    assert.equal(statSync(join(kindDirectory(root), "dev.json")).mode & 0o777, 0o600);
  });

  it("let the next up remove what a killed one left", async () => {
    await prepareKind(inputs, root, docker, state([]));
    nodes = [node()];
    writeFileSync(kindKubeconfig(root, "dev"), "half");
    await prepareKind(inputs, root, docker, state([]));
    assert.deepEqual(removed, ["aa"]);
    assert.equal(existsSync(kindKubeconfig(root, "dev")), false);
    assert.deepEqual(readIntent(root, "dev"), { clusterName: "onebranch-dev" });
  });

  it("remove nothing without a note that the cluster was meant to be", async () => {
    nodes = [node()];
    await assert.rejects(prepareKind(inputs, root, docker, state([])), { name: "UserError", exitCode: 1 });
    assert.deepEqual(removed, []);
  });

  it("remember the node that Pulumi knows, so that the state is asked for once", async () => {
    await prepareKind(inputs, root, docker, state([]));
    nodes = [node()];
    assert.equal((await lookAtKind(inputs, root, docker, state(recorded))).verdict, "sound");
    assert.equal((await lookAtKind(inputs, root, docker, () => assert.fail("asked again"))).verdict, "sound");
    assert.deepEqual(readIntent(root, "dev"), { clusterName: "onebranch-dev", nodeId: "aa" });
  });

  it("go when the cluster is gone, and the directory with the last of them", async () => {
    await prepareKind(inputs, root, docker, state([]));
    await prepareKind({ stack: "x", clusterName: "onebranch-x" }, root, docker, state([]));
    writeFileSync(kindKubeconfig(root, "dev"), "");
    removeKindFiles(root, "dev");
    assert.deepEqual(readdirSync(kindDirectory(root)), ["x.json"]);
    removeKindFiles(root, "x");
    assert.equal(existsSync(kindDirectory(root)), false);
    removeKindFiles(root, "x");
  });

  it("say that a cluster whose containers are gone is made again, and note that it is meant to be", async () => {
    await prepareKind(inputs, root, docker, state([]));
    assert.equal((await prepareKind(inputs, root, docker, state(recorded))).verdict, "gone");
    nodes = [node()];
    await lookAtKind(inputs, root, docker, state(recorded));
    nodes = [];
    assert.equal((await prepareKind(inputs, root, docker, state(recorded))).verdict, "gone");
    assert.deepEqual(removed, []);
    assert.deepEqual(readIntent(root, "dev"), { clusterName: "onebranch-dev" });
  });

  it("let a new state remove the containers that only a lost one knew", async () => {
    await prepareKind(inputs, root, docker, state([]));
    nodes = [node()];
    await lookAtKind(inputs, root, docker, state(recorded));
    assert.equal((await prepareKind(inputs, root, docker, state([]))).verdict, "sound");
    assert.equal((await prepareKind(inputs, root, docker, state([]), true)).verdict, "leftover");
    assert.deepEqual(removed, ["aa"]);
  });

  it("are recreated under another name", async () => {
    const change = await implementation.diff?.("id", inputs, { ...inputs, clusterName: "onebranch-other" });
    assert.deepEqual(change, { changes: true, replaces: ["clusterName"] });
  });
});

describe("parseNodes", () => {
  it("reads what docker inspect says of a node", () => {
    const text = readFileSync(join(fixtures, "valid", "docker-inspect", "node.json"), "utf8");
    assert.deepEqual(parseNodes(text), [
      {
        id: "4f0c1b5d",
        name: "onebranch-dev-control-plane",
        running: true,
        mounts: [
          { source: "/home/me/onebranch", destination: "/repo" },
          { source: "/var/lib/docker/volumes/v/_data", destination: "/var" },
        ],
      },
    ]);
  });
});
