import type {
  Application,
  ClusterInput,
  Expansion,
  KubernetesObject,
  RendererTree,
  Renderer,
} from "../../../cli/tree/renderer";
import { owned } from "../../../model/admission/boundary";
import type { ArgoCdApi } from "../support/argocd";
import type { Cluster } from "../support/cluster";
import { eventually, type Expectation } from "../support/eventually";
import { differences, sameCause } from "./differences";
import { Objects } from "./objects";
import { written } from "./written";

const tracking = "argocd.argoproj.io/tracking-id";

/** One tree as one of its clusters sees it. */
export interface Part {
  title: string;
  renderer: Renderer;
  /** With this one cluster only. */
  open: RendererTree;
  /** The Applications alone are compared: their sources are of no interest. */
  applicationsOnly?: boolean;
}

/** What a comparison looked at, so that a test can see that it was not nothing. */
export interface Comparison {
  /** Everything that differs, in words. */
  differences: string[];
  applications: number;
  manifests: number;
  /** Applications and sets that both sides refuse, for the same cause. */
  refused: number;
  /** What cannot be compared, and why: third-party charts that are not available. */
  skipped: string[];
}

interface LiveSet {
  kind: string;
  metadata: { name: string; uid: string; resourceVersion: string };
  status?: { conditions?: { type: string; status: string; message: string }[] };
}

/**
 * A running Argo CD that plays the part of any cluster of any tree: its ApplicationSet controller reads the cluster's Secret
 * and the root ApplicationSet that Pulumi would write, its repo-server renders the bootstrap chart and everything that the
 * ApplicationSets in it make. Only the application-controller has nothing to do with what is compared: it is held, and the
 * test applies the projects and sets of repo-server's own answer in its place. So one cluster can play a hundred trees, and
 * what they deploy never meets.
 */
export class Oracle {
  readonly objects: Objects;

  constructor(
    readonly cluster: Cluster,
    readonly api: ArgoCdApi,
  ) {
    this.objects = new Objects(cluster.kubeconfig);
  }

  applications(): Promise<Application[]> {
    return this.objects.list<Application>("Application");
  }

  /** Takes away what the last trees made; the projects of Pulumi's program stay. */
  async clear(): Promise<void> {
    const { objects } = this;
    await objects.remove("ApplicationSet", await objects.list("ApplicationSet"));
    await until(async () => {
      const left = await objects.list("Application");
      // The controller may just have written one again.
      await objects.remove("Application", left);
      return { holds: left.length === 0, message: `${left.length} Applications should be gone` };
    });
    const projects = await objects.list("AppProject");
    const made = projects.filter(({ metadata }) => !["default", "bootstrap"].includes(metadata!.name!));
    await objects.remove("AppProject", made);
    await objects.remove("Secret", await objects.list("Secret", "argocd.argoproj.io/secret-type=cluster"));
  }

  /** Compares what the two make of some trees, whose names must not meet: Applications, manifests and refusals. */
  async compare(given: Part[]): Promise<Comparison> {
    const parts = await this.here(given);
    const result: Comparison = { differences: [], applications: 0, manifests: 0, refused: 0, skipped: [] };
    const expansions = await Promise.all(parts.map(({ renderer, open }) => renderer.expand(open)));
    const clusters = parts.flatMap(({ open }) => open.clusters);
    const { objects } = this;
    await objects.apply(
      clusters.flatMap(({ secrets, projects }) => [...secrets.map(secretOf), ...projects.map(projectOf)]),
    );
    await objects.apply(clusters.flatMap(({ roots }) => roots));
    await this.settled();
    const children = await each(parts, (part, i) => this.children(part, expansions[i]!, result));
    const made = (children.flat() as unknown as KubernetesObject[]).filter((object) => !isPulumis(object));
    await objects.apply(made.filter(({ kind }) => kind === "AppProject"));
    await objects.apply(made.filter(({ kind }) => kind === "ApplicationSet" || kind === "Application"));
    await this.settled();
    await this.compareApplications(parts, expansions, result);
    await each(parts, async (part, i) => {
      if (!part.applicationsOnly) await this.compareManifests(part, expansions[i]!, result);
    });
    return result;
  }

  /** Argo CD tells Helm the version of the cluster that it runs in, whichever cluster it plays. */
  private async here(parts: readonly Part[]): Promise<Part[]> {
    const kubeVersion = await this.objects.version();
    return parts.map((part) => ({
      ...part,
      open: { ...part.open, clusters: part.open.clusters.map((cluster) => ({ ...cluster, kubeVersion })) },
    }));
  }

  /** Waits until the controller has an opinion on every ApplicationSet. */
  private async settled(): Promise<void> {
    await until(async () => {
      const waiting = (await this.sets()).filter(({ status }) => !decided(status?.conditions ?? []));
      const names = waiting.map(({ metadata }) => metadata.name).join(", ");
      return { holds: waiting.length === 0, message: `${names} should have been looked at` };
    }, 120);
  }

  private sets(): Promise<LiveSet[]> {
    return this.objects.list<LiveSet>("ApplicationSet");
  }

  /** What repo-server makes of the Applications that hold ApplicationSets. */
  private async children(part: Part, expansion: Expansion, result: Comparison): Promise<object[]> {
    const roots = part.open.clusters[0]!.roots.map((root) => (root as KubernetesObject).metadata.name);
    const holders = expansion.applications.filter(({ set, invalid }) => roots.includes(set) && invalid === undefined);
    const objects: object[] = [];
    if (part.applicationsOnly) return objects;
    for (const { name } of holders) {
      const said = expansion.errors.find(({ application }) => application === name)?.reason;
      const answer = await this.manifests(name);
      if (typeof answer !== "string") objects.push(...answer);
      else if (said === undefined) result.differences.push(`${part.title} ${name}: Argo CD refuses it: ${answer}`);
    }
    return objects;
  }

  private async manifests(application: string): Promise<KubernetesObject[] | string> {
    let answer: KubernetesObject[] | string = "";
    await until(async () => {
      answer = await this.api.manifests(application).then(
        (found) => found as unknown as KubernetesObject[],
        (error: Error) => error.message,
      );
      // The API says so of an Application that it has not heard of yet.
      const unheard = typeof answer === "string" && answer.endsWith("permission denied");
      return { holds: !unheard, message: `${application} should be known to Argo CD's API` };
    }, 5).catch(() => undefined);
    return answer;
  }

  private async compareApplications(parts: Part[], expansions: Expansion[], result: Comparison): Promise<void> {
    const sets = new Map((await this.sets()).map((set) => [set.metadata.name, set]));
    const ours = new Map<string, Application>();
    const titles = new Map<string, string>();
    for (const [i, { applications, sets: said, errors }] of expansions.entries()) {
      const { title } = parts[i]!;
      for (const set of said) {
        if (set.notEvaluated !== undefined) result.skipped.push(`${title} ${set.name}: ${set.notEvaluated}`);
        const real = sets.get(set.name)?.status?.conditions?.find(({ type }) => type === "ErrorOccurred");
        const theirs = real?.status === "True" ? real.message : undefined;
        const invalid = applications.flatMap((app) => (app.set === set.name && app.invalid ? [app.invalid] : []));
        this.judge(`${title} ${set.name}`, set.error === undefined ? invalid : [set.error], theirs, result);
      }
      for (const { name, invalid, application } of applications) {
        titles.set(name, title);
        if (invalid === undefined) ours.set(name, application);
      }
      for (const { application, reason } of errors) titles.set(application, `${title} (${reason})`);
    }
    const names = [...ours.keys()].sort().join(" ");
    // Conditions are written before the last Application is.
    await until(async () => {
      const made = (await this.applications()).map(({ metadata }) => metadata.name).sort();
      return { holds: made.join(" ") === names, message: "the Applications should be those that onebranch names" };
    }, 5).catch(() => undefined);
    const theirs = new Map((await this.applications()).map((app) => [app.metadata.name, app]));
    for (const name of new Set([...ours.keys(), ...theirs.keys()])) {
      const [mine, real] = [ours.get(name), theirs.get(name)];
      const found = differences(mine && written(mine), real && written(real));
      result.differences.push(...found.map((text) => `${titles.get(name)} Application ${name} ${text}`));
      result.applications++;
    }
  }

  /** Both sides refuse, for the same cause, or neither does; Argo CD gives one cause of several, no matter which. */
  private judge(title: string, ours: readonly string[], theirs: string | undefined, result: Comparison): void {
    if (ours.length === 0 && theirs === undefined) return;
    if (ours.length === 0 || theirs === undefined)
      result.differences.push(`${title}: onebranch says ${ours[0] ?? "nothing"}, Argo CD ${theirs ?? "nothing"}`);
    else if (!ours.some((cause) => sameCause(cause, theirs)))
      result.differences.push(`${title}: two causes: onebranch says ${ours.join(" and ")}, Argo CD ${theirs}`);
    else result.refused++;
  }

  /** What repo-server makes of every Application, resource by resource. */
  private async compareManifests({ title, renderer, open }: Part, { applications }: Expansion, result: Comparison) {
    const { manifests, failed, notEvaluated } = await renderer.render(open);
    // Hooks that no phase runs are among repo-server's answer; only the controller leaves them out.
    const handed = ({ resources, unapplied = [] }: (typeof manifests)[number]) => [...resources, ...unapplied];
    const ids = manifests.flatMap(handed).map(({ id }) => id);
    const documents = await renderer.documents(ids);
    for (const { name, invalid } of applications) {
      if (invalid !== undefined) continue;
      const unknown = notEvaluated.find(({ application }) => application === name)?.reason;
      if (unknown !== undefined) {
        result.skipped.push(`${title} ${name}: ${unknown}`);
        continue;
      }
      const answer = await this.manifests(name);
      const theirs = typeof answer === "string" ? answer : undefined;
      const reasons = failed.flatMap(({ application, reason }) => (application === name ? [reason] : []));
      this.judge(`${title} ${name}`, reasons, theirs, result);
      const ours = manifests.find(({ application }) => application === name);
      if (typeof answer === "string" || ours === undefined) continue;
      const mine = handed(ours).map(({ id }) => documents.get(id)!);
      result.differences.push(...compareResources(mine, answer).map((text) => `${title} ${name} ${text}`));
      result.manifests += mine.length;
    }
  }
}

/** Compares resources by their identity, and those of the same identity field by field. */
function compareResources(ours: KubernetesObject[], theirs: KubernetesObject[]): string[] {
  // The namespace counts by the tracking annotation, which both sides have, CRDs aside.
  const key = ({ apiVersion, kind, metadata }: KubernetesObject) =>
    `${apiVersion} ${kind} ${metadata.name} ${metadata.annotations?.[tracking]}`;
  // Of a resource that is made twice, Argo CD applies the last one.
  const [mine, real] = [ours, theirs].map((list) => new Map(list.map((object) => [key(object), object])));
  return [...new Set([...mine!.keys(), ...real!.keys()])].sort().flatMap((name) => {
    const [said, theirs] = [structuredClone(mine!.get(name)), structuredClone(real!.get(name))];
    // Argo CD adds the namespace when it applies, or takes it from what has none in its kind; the renderer shows what is applied.
    if (said && theirs && (!theirs.metadata.namespace || said.metadata.namespace === undefined)) {
      delete said.metadata.namespace;
      delete theirs.metadata.namespace;
    }
    mask(said);
    mask(theirs);
    return differences(said, theirs).map((text) => `${name} ${text}`);
  });
}

/**
 * Argo CD's API shows the keys of a Secret only, those of `stringData` among those of `data`; what is in it is compared where
 * charts put the same into ConfigMaps.
 */
function mask(object: KubernetesObject | undefined): void {
  if (object?.apiVersion !== "v1" || object.kind !== "Secret") return;
  const { data, stringData } = object as { data?: object; stringData?: object };
  delete object.stringData;
  object.data = Object.keys({ ...data, ...stringData }).sort();
}

/** Whether the controller is through with a set: everything is written, or something is wrong. */
function decided(conditions: { type: string; status: string }[]): boolean {
  const holds = (wanted: string) => conditions.some(({ type, status }) => type === wanted && status === "True");
  return holds("ResourcesUpToDate") || holds("ErrorOccurred");
}

function secretOf({ name, server, labels, annotations }: ClusterInput["secrets"][number]): object {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: "argocd", labels, annotations },
    stringData: { name, server, config: JSON.stringify({ tlsClientConfig: { insecure: false } }) },
  };
}

/** The projects of Pulumi's program; here they let every tree in. */
function projectOf(name: string): object {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AppProject",
    metadata: { name, namespace: "argocd" },
    spec: {
      sourceRepos: ["*"],
      destinations: [{ server: "*", namespace: "*" }],
      clusterResourceWhitelist: [{ group: "*", kind: "*" }],
    },
  };
}

/** What the boundary policy lets only Pulumi write: the test, which applies in Argo CD's place, must not either. */
function isPulumis({ kind, metadata: { name } }: KubernetesObject): boolean {
  return owned.includes(`argoproj.io/${kind}/${name}`);
}

/** A comparison waits for a controller that is done within a tenth of a second. */
function until(expectation: Expectation, seconds?: number): Promise<void> {
  return eventually(expectation, seconds, 20);
}

/** Runs work on a list, four at a time: as many as repo-server of an embedded cluster takes. */
async function each<T, R>(list: T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    while (next < list.length) {
      const at = next++;
      results[at] = await work(list[at]!, at);
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  return results;
}
