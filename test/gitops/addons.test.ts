import assert from "node:assert/strict";
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { CheckFinding } from "../../cli/verbs/check/rule";
import { capabilityNames } from "../../model/capabilities";
import { Directory } from "../../model/directory";
import { factsOf } from "../../model/facts";
import type { Identity } from "../../model/identity";
import { layerPaths } from "../../model/layers";
import { isMapping, type Mapping } from "../../model/mapping";
import { parsePin, type Pin } from "../../model/pin";
import { readClusters } from "../../model/tree";
import { runTool } from "../cli/support/tree-repo";
import { Repo } from "../cli/tree/support";
import { archives } from "../support/archives";
import { docs } from "../support/paths";
import { buildRenderer } from "../support/renderer";
import { root } from "../support/root";
import { skip } from "../support/skip";
import { findHelm, render, type Manifest } from "./helm";

interface Rendered {
  components: { component: string; manifests: Manifest[] }[];
  unrendered: { component: string; reason: string; failed: boolean }[];
}

/** Every third-party chart of gitops/ whose archive is at hand, in every stage, against the Helm that Argo CD uses. */
describe("the charts of the add-ons in gitops/", function () {
  this.timeout(600_000);
  const repo = new Repo();
  const clusters = () => [...readClusters(new Directory(repo.root)).clusters.values()];
  const pins = new Map<string, Map<string, Pin>>();
  const rendered = new Map<string, Map<string, Manifest[]>>();
  let helm: string;
  let absent: string[];

  before(buildRenderer);
  before(async function () {
    cpSync(join(root, "gitops"), join(repo.root, "gitops"), { recursive: true });
    readPins();
    const all = [...pins.values()].flatMap((of) => [...of.values()]).map(archiveOf);
    absent = [...new Set(all)].filter((file) => !existsSync(join(archives, file))).sort();
    if (absent.length === new Set(all).size) skip(this, `none of ${absent.join(", ")} is in ONEBRANCH_TEST_CHARTS`);
    helm = (await findHelm()) ?? skip(this, "no helm on PATH, and none built (make toolchain)");
    claimEverything();
    for (const { name } of clusters()) {
      const { out, err } = await runTool(repo.root, "render", name, "--charts", archives, "--json");
      if (out === "") assert.fail(err);
      const { components, unrendered } = JSON.parse(out) as Rendered;
      assert.deepEqual(
        unrendered.filter(({ failed }) => failed),
        [],
      );
      rendered.set(name, new Map(components.map(({ component, manifests }) => [component, manifests])));
    }
  });
  after(() => repo.remove());

  function readPins(): void {
    for (const { stage } of clusters()) {
      const ofStage = new Map<string, Pin>();
      pins.set(stage, ofStage);
      for (const name of readdirSync(join(repo.root, "gitops/addons"))) {
        const path = `gitops/addons/${name}/stages/${stage}/pin.yaml`;
        if (!existsSync(join(repo.root, path))) continue;
        const { value } = parsePin(path, readFileSync(join(repo.root, path), "utf8"));
        if (value?.repo !== undefined) ofStage.set(name, value);
      }
    }
  }

  /** Each cluster can do everything, and has the values that docs/addons.md gives a cluster which does. */
  function claimEverything(): void {
    const page = readFileSync(join(docs, "addons.md"), "utf8");
    const own = [...page.matchAll(/```yaml\n# gitops\/clusters\/prod\/values\/(\S+)\.yaml\n([^`]+)```/g)];
    const known = own.filter(([, component]) => existsSync(join(repo.root, "gitops/addons", component!)));
    for (const { name } of clusters()) {
      const [path, exceptions] = ["cluster", "exceptions"].map((file) => `gitops/clusters/${name}/${file}.yaml`);
      const identity = parse(repo.read(path!)) as Mapping;
      repo.put({ [path!]: stringify({ ...identity, provider: "existing", capabilities: capabilityNames }) });
      const entries = existsSync(join(repo.root, exceptions!)) ? (parse(repo.read(exceptions!)) as Mapping[]) : [];
      for (const [, component, text] of known) {
        repo.put({ [`gitops/clusters/${name}/values/${component}.yaml`]: text!.replaceAll("prod", name) });
        const keys = Object.keys(parse(text!) as Mapping);
        const why = { reason: "It is about this cluster alone.", ticket: "OPS-1", expires: "2099-12-31" };
        entries.push({ component, keys, owner: "team-platform", ...why });
      }
      if (entries.length > 0) repo.put({ [exceptions!]: stringify(entries) });
    }
    repo.commit();
  }

  it("make what Helm makes, object by object, in every stage", function () {
    let compared = 0;
    for (const cluster of clusters()) {
      const served = [...rendered.get(cluster.name)!.values()].flat().flatMap(apisOf);
      for (const [name, pin] of pins.get(cluster.stage)!) {
        if (absent.includes(archiveOf(pin))) continue;
        const mine = rendered.get(cluster.name)!.get(name);
        assert.ok(mine, `${name} in ${cluster.name}`);
        const theirs = render(helm, rendering(cluster, name, pin, served));
        assert.deepEqual(comparable(mine, pin.namespace), comparable(theirs, pin.namespace), `${name} in ${cluster.name}`);
        compared++;
      }
    }
    console.log(`      ${compared} charts compared`);
    if (absent.length > 0) console.log(`      not compared, not in ONEBRANCH_TEST_CHARTS: ${absent.join(", ")}`);
  });

  function rendering(cluster: Identity, name: string, { facts = {}, ...pin }: Pin, served: string[]) {
    const has = factsOf(cluster);
    return {
      root: repo.root,
      release: name,
      chart: join(archives, archiveOf(pin)),
      files: layerPaths(cluster, { group: "addons", name }, { thirdParty: true }).filter((path) =>
        existsSync(join(repo.root, path)),
      ),
      more: [
        ...["--namespace", pin.namespace, "--include-crds", "--skip-tests", "--kube-version", `${cluster.kubernetesVersion}.0`],
        ...Object.entries(facts).flatMap(([key, fact]) => ["--set-string", `${key}=${has[fact]}`]),
        ...served.flatMap((api) => ["--api-versions", api]),
      ],
    };
  }

  it("leave `check` nothing to say of the tree, whose own objects fit the kinds of these charts", async function () {
    const { out } = await runTool(repo.root, "check", "HEAD", "--charts", archives, "--json");
    const findings = JSON.parse(out) as CheckFinding[];
    assert.deepEqual(
      findings.filter(({ severity }) => severity === "error"),
      [],
    );
    if (absent.length > 0) skip(this, `the kinds of ${absent.join(", ")} are not known`);
    assert.deepEqual(
      findings.filter(({ severity }) => severity === "note"),
      [],
    );
  });
});

const archiveOf = ({ chart, version }: Pick<Pin, "chart" | "version">) => `${chart}-${version}.tgz`;

/** What the API server serves once a CRD is there. */
function apisOf({ kind, spec }: Manifest): string[] {
  if (kind !== "CustomResourceDefinition") return [];
  const { group, names, versions } = spec as { group: string; names: { kind: string }; versions: { name: string }[] };
  return versions.flatMap(({ name }) => [`${group}/${name}`, `${group}/${name}/${names.kind}`]);
}

/** Objects by their place, without what Argo CD adds and what a null says. */
function comparable(manifests: readonly Manifest[], namespace: string): Record<string, unknown> {
  const objects = manifests.flatMap((one) => (/List$/.test(one.kind) && Array.isArray(one.items) ? (one.items as Manifest[]) : [one]));
  return Object.fromEntries(
    objects
      .map((object) => {
        const { apiVersion, kind, metadata } = object;
        const { namespace: of, annotations, ...rest } = metadata;
        const place = [apiVersion, kind, of ?? namespace, metadata.name].join(" ");
        const own = Object.entries(annotations ?? {}).filter(([key]) => !/^(argocd\.argoproj\.io\/|helm\.sh\/)/.test(key));
        return [place, withoutNulls({ ...object, metadata: { ...rest, annotations: Object.fromEntries(own) } })] as const;
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isMapping(value)) return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutNulls(inner)]));
}
