import type { Capability } from "../../../model/capabilities";
import { clusterFile, identityShape, kubernetesVersions, type Identity } from "../../../model/identity";
import { providerNames, providers } from "../../../model/providers";
import { stageShape, type Stage } from "../../../model/stage";
import { readTree } from "../../../model/tree";
import type { TreeSource } from "../../../model/tree-source";
import type { Input } from "../../command";
import { usageError, unknownName } from "../../terminal/fail";
import { refuse, type Changes } from "./changes";
import { keepOwners } from "./owners";
import { refuseUnknownRing, stepAt } from "../../tree/ring-steps";
import { toYaml, withNumber } from "../../tree/yaml-edit";

interface Parts {
  tree: TreeSource;
  name: string;
  input: Input;
  changes: Changes;
}

/** Capabilities that somebody decides on: EKS with Auto Mode, the default there, makes load balancers itself. */
const chosen: readonly Capability[] = ["aws-load-balancer", "signatures"];

/** A new cluster: its identity, and the settings of its stack. */
export function newCluster({ tree, name, input, changes }: Parts): void {
  const { stages, regions, clusters } = readTree(tree);
  const stage = known("stage", input.text("stage"), [...stages.keys()]);
  const ring = ringOf(stages.get(stage)!, input.text("ring"));
  const region = known("region", input.text("region"), [...regions.keys()]);
  const provider = known("provider", input.text("provider"), providerNames) as Identity["provider"];
  const { dnsZone = "example.com", compliance = [] } = regions.get(region) ?? {};
  const siblings = [...clusters.values()].filter((cluster) => cluster.stage === stage);
  const identity: Identity = {
    ...{ name, stage, ...(ring !== undefined && { ring }), region, provider },
    kubernetesVersion: input.text("kubernetes-version") ?? siblings[0]?.kubernetesVersion ?? kubernetesVersions.at(-1)!,
    domain: input.text("domain") ?? `${name}.${dnsZone}`,
    capabilities: providers[provider].capabilities.filter((capability) => !chosen.includes(capability)),
    compliance: [...compliance],
  };
  const path = clusterFile(name);
  const text = toYaml(identity);
  refuse(path, text, identityShape);
  changes.add(path, text);
  keepOwners(tree, changes, (owned) => {
    return { ...owned, tree: { ...owned.tree, clusters: new Map([...owned.tree.clusters, [name, identity]]) } };
  });
  if (changes.read("Pulumi.yaml") === undefined) return;
  const comment = `# What differs from Pulumi.yaml; the provider (${provider}) is in ${path}.\n`;
  changes.add(`Pulumi.${name}.yaml`, `${comment}config: {}\n`);
}

/** A new stage, last or after another one; it takes the policies of the stage before it. */
export function newStage({ tree, name, input, changes }: Parts): void {
  const { stages } = readTree(tree);
  const names = [...stages.keys()];
  const after = input.text("after") ?? names.at(-1);
  if (after !== undefined && !stages.has(after)) throw unknownName("stage", after, names);
  const place = after === undefined ? 0 : names.indexOf(after) + 1;
  const before = after === undefined ? undefined : stages.get(after);
  const path = `gitops/stages/${name}.yaml`;
  const stage = {
    order: place + 1,
    applicationsSync: before?.applicationsSync ?? "sync",
    preserveResourcesOnDeletion: before?.preserveResourcesOnDeletion ?? false,
    prune: before?.prune ?? true,
    ...(before?.confirmPrune && { confirmPrune: true }),
    ...(before?.imageDigests && { imageDigests: before.imageDigests }),
    ...(before?.addonImageDigests && { addonImageDigests: before.addonImageDigests }),
    approvers: input.all("approver").length > 0 ? [...input.all("approver")] : (before?.approvers ?? []),
  } as const;
  const text = toYaml(stage);
  refuse(path, text, stageShape);
  changes.add(path, text);
  for (const later of names.slice(place)) {
    const file = `gitops/stages/${later}.yaml`;
    changes.edit(file, withNumber(changes.read(file) ?? "", "order", stages.get(later)!.order + 1));
  }
  keepOwners(tree, changes, (owned) => {
    const all = [...owned.tree.stages];
    all.splice(place, 0, [name, { ...stage, name, rings: [], confirmPrune: false, syncWindows: [] }]);
    return { ...owned, tree: { ...owned.tree, stages: new Map(all) } };
  });
}

/** The ring of a new cluster: one of its stage's, and none where that has none. */
function ringOf({ name, rings }: Stage, said: string | undefined): string | undefined {
  if (rings.length > 0 && said === undefined) return known("ring", said, rings);
  refuseUnknownRing(stepAt(name, said), rings);
  return said;
}

function known(kind: string, name: string | undefined, names: readonly string[]): string {
  if (name === undefined) throw usageError(`this needs --${kind}; there are ${names.join(", ")}`);
  if (!names.includes(name)) throw unknownName(kind, name, names);
  return name;
}
