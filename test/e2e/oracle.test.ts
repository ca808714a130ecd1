/** The real ApplicationSet controller and repo-server are the oracle: what they make must be what the engine says. */
import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse, stringify } from "yaml";
import {
  TreeEngine,
  type Application,
  type ClusterInput,
  type KubernetesObject,
  type OpenTree,
} from "../../cli/engine";
import { clusterInput } from "../../cli/engine/roots";
import { readClusters } from "../../model/tree";
import { randomSets } from "../fleet/applicationsets";
import { ArgoCdApi } from "./support/argocd";
import { Checkout } from "./support/checkout";
import { Cluster } from "./support/cluster";
import { eventually } from "./support/eventually";

const tracking = "argocd.argoproj.io/tracking-id";
const fixtures = join(__dirname, "..", "fixtures", "oracle");

interface LiveSet {
  kind: string;
  metadata: { name: string; uid: string; resourceVersion: string };
  status?: { conditions?: { type: string; status: string; message: string }[] };
}

/** What an Application's author wrote, without what the cluster adds. */
function written({ apiVersion, kind, metadata, spec }: Application): object {
  const { name, namespace, labels, annotations, finalizers } = metadata;
  const own = Object.entries(annotations ?? {}).filter(([key]) => !key.startsWith("argocd.argoproj.io/refresh"));
  return JSON.parse(
    JSON.stringify({
      apiVersion,
      kind,
      name,
      namespace,
      labels: labels ?? {},
      annotations: Object.fromEntries(
        own.filter(([key]) => key !== "kubectl.kubernetes.io/last-applied-configuration"),
      ),
      finalizers: finalizers ?? [],
      spec,
    }),
  ) as object;
}

describe("the engine and the real Argo CD", () => {
  const checkout = new Checkout();
  let cluster: Cluster;
  let engine: TreeEngine;
  let tree: OpenTree;
  let api: ArgoCdApi;
  let input: ClusterInput;
  let fill: (text: string) => string;

  const applications = () => cluster.list("applications.argoproj.io", "argocd") as unknown as Application[];

  /** A fixture's ApplicationSet with its address and revision filled in. */
  const setOf = (name: string, text: string) => {
    const spec = parse(fill(text)) as object;
    return {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "ApplicationSet",
      metadata: { name, namespace: "argocd" },
      ...spec,
    };
  };

  before(async () => {
    cpSync(join(fixtures, "tree"), checkout.root, { recursive: true });
    checkout.commit("what the oracle looks at");
    cluster = await Cluster.of(checkout, "dev");
    const { stdout } = await checkout.succeed("up", "dev", "--provider", "embedded", "--yes");
    const address = /https:\/\/(?:127\.0\.0\.1|localhost):\d+/.exec(stdout)![0];
    api = await ArgoCdApi.login(cluster, address);

    const secret = cluster.list("secrets", "argocd").find(({ metadata }) => metadata.name === "in-cluster")!;
    const { repoURL, revision, pollSeconds } = (secret.metadata as unknown as { annotations: Record<string, string> })
      .annotations;
    const follow = { repoURL: repoURL!, revision: revision!, pollSeconds: Number(pollSeconds) };
    fill = (text) => text.replaceAll("REPO", follow.repoURL).replaceAll("REVISION", follow.revision);
    const { clusters, stages } = readClusters(checkout.root);
    const identity = clusters.get("dev")!;
    input = clusterInput(identity, stages.get(identity.stage)!, follow, "embedded");
    engine = await TreeEngine.open({ root: checkout.root, env: process.env, follow, offline: true });
    tree = { ...(await engine.tree("HEAD")), clusters: [input] };
  });

  after(async () => {
    engine?.close();
    await checkout.onebranch("destroy", "dev", "--yes");
    checkout.remove();
  });

  it("make the same Applications of the shipped tree, field by field", async () => {
    const said = await engine.expand(tree);
    assert.deepEqual(
      applications().map(written),
      said.applications.map(({ application }) => written(application)),
    );
  });

  it("make the same manifests of the shipped tree", async () => {
    const said = await engine.expand(tree);
    await compareManifests(
      tree,
      said.applications.map(({ name }) => name),
    );
  });

  it("make the same Applications of every fixture and of random ApplicationSets, and fail on the same ones", async () => {
    // The policy of this cluster knows the components of the tree only.
    cluster.kubectl("delete", "validatingadmissionpolicybinding", "onebranch-identity");
    const files = readdirSync(join(fixtures, "sets")).sort();
    const sets = [
      ...files.map((file) => setOf(basename(file, ".yaml"), readFileSync(join(fixtures, "sets", file), "utf8"))),
      ...randomSets(20261121, 40).map((text, i) => setOf(`random-${i}`, text)),
    ];
    const expansion = await engine.expand({
      ...tree,
      clusters: [{ ...input, roots: sets, projects: [...input.projects, "platform", "storefront"] }],
    });

    const all = join(checkout.tmp, "sets.yaml");
    writeFileSync(all, sets.map((set) => stringify(set, { version: "1.1" })).join("---\n"));
    cluster.kubectl("apply", "--server-side", "--filename", all);
    const live = () => cluster.list("applicationsets.argoproj.io", "argocd") as unknown as LiveSet[];
    await eventually(async () => {
      const waiting = live().filter(({ status }) => !status?.conditions?.length);
      return {
        holds: waiting.length === 0,
        message: `${waiting.map(({ metadata }) => metadata.name).join(", ")} should have conditions`,
      };
    }, 120);

    const failed = (name: string) =>
      live()
        .find(({ metadata }) => metadata.name === name)!
        .status!.conditions!.find(({ type }) => type === "ErrorOccurred");
    for (const set of expansion.sets) {
      const invalid = expansion.applications.filter((app) => app.set === set.name && app.invalid !== undefined);
      const real = failed(set.name);
      const said = set.error ?? invalid[0]?.invalid ?? "";
      assert.equal(real?.status === "True", said !== "", `${set.name}: ${real?.message} / ${said}`);
    }
    const ours = new Map(
      expansion.applications
        .filter(({ invalid, application }) => invalid === undefined && application.metadata.name !== undefined)
        .map(({ application }) => [application.metadata.name, written(application)]),
    );
    const shipped = new Set((await engine.expand(tree)).applications.map(({ name }) => name));
    const theirs = new Map(
      applications()
        .filter(({ metadata }) => !shipped.has(metadata.name))
        .map((app) => [app.metadata.name, written(app)]),
    );
    assert.deepEqual([...theirs.keys()].sort(), [...ours.keys()].sort());
    for (const [name, app] of theirs) assert.deepEqual(app, ours.get(name), name);
  });

  it("make the same manifests of every kind of source", async () => {
    const list = parse(fill(readFileSync(join(fixtures, "applications.yaml"), "utf8"))) as {
      name: string;
      source?: object;
      sources?: object[];
    }[];
    const { open, names } = applicationsOf(list);
    await compareManifests(open, names);
  });

  it("differ, between Helm 3.18 and Helm 4.2, in what docs/helm-versions.md lists", async () => {
    const source = { path: "oracle/charts/nulls" };
    const { open, names } = applicationsOf([{ name: "nulls", source }]);
    const { manifests } = await engine.render(open, { applications: names });
    const { id } = manifests[0]!.resources[0]!;
    const ours = (await engine.documents([id])).get(id) as unknown as { data: object };
    const [theirs] = (await api.manifests("nulls")) as { data: object }[];
    assert.deepEqual(ours.data, { map: '{"b":{}}' });
    assert.deepEqual(theirs!.data, { map: '{"b":{"gone":null}}' });
  });

  /** Writes Applications into the cluster, and makes a tree that makes the same ones. */
  function applicationsOf(list: { name: string; source?: object; sources?: object[] }[]): {
    open: OpenTree;
    names: string[];
  } {
    const { repoURL, revision: targetRevision } = input.secrets[0]!.annotations!;
    const from = (source: object) => ({ repoURL, targetRevision, ...source });
    const objects = list.map(({ name, source, sources }) => ({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: { name, namespace: "argocd" },
      spec: {
        project: "oracle",
        ...(source ? { source: from(source) } : { sources: sources!.map(from) }),
        destination: { server: "https://kubernetes.default.svc", namespace: "oracle" },
      },
    }));
    const project = {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "AppProject",
      metadata: { name: "oracle", namespace: "argocd" },
      spec: {
        sourceRepos: ["*"],
        destinations: [{ server: "*", namespace: "*" }],
        clusterResourceWhitelist: [{ group: "*", kind: "*" }],
      },
    };
    const all = join(checkout.tmp, "applications.yaml");
    writeFileSync(all, [project, ...objects].map((object) => stringify(object, { version: "1.1" })).join("---\n"));
    cluster.kubectl("apply", "--server-side", "--filename", all);
    // One set for each Application, whose template is the Application itself.
    const roots = objects.map(({ metadata, spec }) => ({
      metadata: { name: `set-${metadata.name}`, namespace: "argocd" },
      spec: {
        goTemplate: true,
        generators: [{ list: { elements: [{ name: metadata.name }] } }],
        template: { metadata: { name: metadata.name }, spec },
      },
    }));
    return {
      open: { ...tree, clusters: [{ ...input, roots, projects: ["oracle"] }] },
      names: list.map(({ name }) => name),
    };
  }

  /** Compares what repo-server makes with what the engine makes, resource by resource. */
  async function compareManifests(open: OpenTree, names: string[]): Promise<void> {
    const { manifests, failed, notEvaluated } = await engine.render(open, { applications: names });
    assert.deepEqual([failed, notEvaluated], [[], []]);
    for (const name of names) {
      const ours = manifests.find(({ application }) => application === name)!;
      const documents = await engine.documents(ours.resources.map(({ id }) => id));
      const mine = ours.resources.map(({ id }) => documents.get(id)!);
      const theirs = await api.manifests(name);
      // The namespace counts by the tracking annotation, which both sides have, CRDs aside.
      const key = (object: unknown) => {
        const { apiVersion, kind, metadata } = object as KubernetesObject;
        return `${apiVersion} ${kind} ${metadata.name} ${metadata.annotations?.[tracking]}`;
      };
      assert.deepEqual(mine.map(key).sort(), theirs.map(key).sort(), name);
      for (const real of theirs) {
        const said = structuredClone(mine.find((object) => key(object) === key(real))!);
        const { metadata } = real as { metadata: { namespace?: string } };
        // Argo CD adds the namespace when it applies; the engine shows what is applied.
        if (metadata.namespace === undefined) delete said.metadata.namespace;
        assert.deepEqual(said, real, `${name}: ${key(real)}`);
      }
    }
  }
});
