import { YamlFile } from "../../../model/document";
import { clusterFile } from "../../../model/identity";
import { teamsDirectory } from "../../../model/teams";
import { roleOf } from "../../tree/file-roles";
import type { ApplicationChange, InputChange, RendererTree, Reading } from "../../tree/renderer";
import { keyChanges, LazyYaml, sets, type KeyChange } from "./key-changes";
import type { Cause } from "./types";

const bootstrap = "gitops/bootstrap";
/** Parameters of generators that charts do not read as values. */
const generatorKeys = /^(component|chart|version|repo|namespace|requires|team|facts|ignoreDifferences)\b/;

/** Finds the lines that make each difference, reading every file once. */
export class Causes {
  private readonly files = new Map<string, LazyYaml>();
  private readonly changes = new Map<string, KeyChange[]>();
  private readonly identities = new Map<string, Cause[]>();
  private bootstrapCauses: Cause[] | undefined;

  constructor(
    private readonly base: RendererTree,
    private readonly head: RendererTree,
    private readonly stageOf: (cluster: string) => string,
  ) {}

  /** The lines behind a change, with their clusters, except for keys that a later layer overrides anyway. */
  of(change: ApplicationChange): Cause[] {
    return change.readings.flatMap((reading) => {
      const own = this.inputsOf(change, reading).flatMap((input) => this.ofInput(change, input, reading));
      const effective = own.filter(({ hidden }) => !hidden);
      const causes = (effective.length > 0 ? effective : own).map(({ cause }) => cause);
      const generated = reading.inputs.some(({ role }) => role === "generator");
      const fromIdentity =
        causes.length === 0 || (!generated && (change.change !== "change" || (change.spec ?? []).length > 0));
      const { clusters } = reading;
      return [
        ...unique(causes).map((cause) => ({ ...cause, clusters })),
        ...(fromIdentity ? this.ofIdentity(clusters) : []),
      ];
    });
  }

  /** For an added or removed Application, only added or removed files are causes; other edits are coincidental. */
  private inputsOf({ change }: ApplicationChange, { inputs }: Reading): InputChange[] {
    const whole = change === "change" ? [] : inputs.filter((input) => input.change === change);
    return whole.length > 0 ? whole : inputs;
  }

  private ofInput(
    change: ApplicationChange,
    input: InputChange,
    reading: Reading,
  ): { cause: Cause; hidden: boolean }[] {
    const { path, role } = input;
    if (role === "chart" && (input.change !== "change" || !hasKeys(path))) {
      const cause = this.ofChartFile(change, input, reading);
      return cause === undefined ? [] : [{ cause, hidden: false }];
    }
    // A file that is added or removed as a whole is one cause.
    if (input.change !== "change") {
      return [{ cause: { file: path, line: 1, side: sideOf(input.change) }, hidden: false }];
    }
    return this.keyChanges(path).map((key) => ({
      cause: toCause(path, key),
      hidden: this.isHidden(input, key, reading),
    }));
  }

  private ofChartFile(
    { resources }: ApplicationChange,
    { path, change: kind }: InputChange,
    { inputs }: Reading,
  ): Cause | undefined {
    const whole = inputs.find(
      ({ path: other, change: same }) =>
        same === kind &&
        kind !== "change" &&
        other.endsWith("/Chart.yaml") &&
        path.startsWith(other.replace(/[^/]*$/, "")),
    );
    // A chart that is added or removed as a whole is one cause.
    if (whole) return path === whole.path ? { file: path, line: 1, side: sideOf(kind) } : undefined;
    const within = path.replace(/^.*?\/(?=(templates|crds|charts)\/)/, "");
    const isTemplate = within.startsWith("templates/") && !/\/_[^/]*$/.test(within) && !within.endsWith(".txt");
    if (isTemplate && resources.length > 0 && !resources.some(({ source = "" }) => source.endsWith(`/${within}`)))
      return undefined;
    const line = firstDifference(this.base.files.read(path) ?? "", this.head.files.read(path) ?? "");
    return { file: path, line, side: sideOf(kind) };
  }

  /** Cluster, stage and bootstrap files, which decide what a cluster's Applications are. */
  private ofIdentity(clusters: readonly string[]): Cause[] {
    const everywhere = this.ofBootstrap();
    return clusters.flatMap((cluster) =>
      [...this.ofCluster(cluster), ...everywhere].map((cause) => ({ ...cause, clusters: [cluster] })),
    );
  }

  private ofCluster(cluster: string): Cause[] {
    let causes = this.identities.get(cluster);
    if (causes === undefined) {
      const files = [clusterFile(cluster), `gitops/stages/${this.stageOf(cluster)}.yaml`];
      causes = files.flatMap((file) => this.ofFile(file));
      this.identities.set(cluster, causes);
    }
    return causes;
  }

  private ofBootstrap(): Cause[] {
    return (this.bootstrapCauses ??= [...this.base.files.entries, ...this.head.files.entries]
      .map(({ path }) => path)
      .filter((path, index, all) => isOfBootstrap(path) && all.indexOf(path) === index)
      .flatMap((path): Cause[] => {
        const [a, b] = [this.base.files.entry(path)?.oid, this.head.files.entry(path)?.oid];
        if (a === b) return [];
        if (hasKeys(path)) return this.ofFile(path);
        const line = firstDifference(this.base.files.read(path) ?? "", this.head.files.read(path) ?? "");
        return [{ file: path, line, side: b === undefined ? "base" : "head" }];
      }));
  }

  /** The keys that differ in a file, or the file itself when it is added or removed. */
  private ofFile(path: string): Cause[] {
    const [before, after] = [this.base.files.entry(path), this.head.files.entry(path)];
    if (before && after) return this.keyChanges(path).map((key) => toCause(path, key));
    return before || after ? [{ file: path, line: 1, side: after ? "head" : "base" }] : [];
  }

  /** Whether a later layer sets the key on both sides, so that this layer has no effect. */
  private isHidden({ path, role }: InputChange, { path: steps, key }: KeyChange, { base, head }: Reading): boolean {
    if (role === "generator" && generatorKeys.test(key)) return false;
    const overridden = (tree: RendererTree, layers: readonly string[]) => {
      const at = layers.indexOf(path);
      // The values of a chart come before all layers.
      if (at < 0 && role !== "chart") return false;
      return layers.slice(at + 1).some((file) => sets(this.yaml(tree, file)?.value, steps));
    };
    return overridden(this.base, base) && overridden(this.head, head);
  }

  private keyChanges(path: string): KeyChange[] {
    let found = this.changes.get(path);
    if (found === undefined) {
      const same = this.base.files.entry(path)?.oid === this.head.files.entry(path)?.oid;
      found = same ? [] : keyChanges(this.yaml(this.base, path), this.yaml(this.head, path));
      this.changes.set(path, found);
    }
    return found;
  }

  private yaml({ files: of }: RendererTree, path: string): LazyYaml | undefined {
    const oid = of.entry(path)?.oid;
    if (oid === undefined) return undefined;
    const key = `${oid} ${path}`;
    const found =
      this.files.get(key) ??
      new LazyYaml(
        () => of.yaml(path) ?? new YamlFile(path, ""),
        () => of.read(path) ?? "",
      );
    this.files.set(key, found);
    return found;
  }
}

/** Files that bootstrap is made of. */
function isOfBootstrap(path: string): boolean {
  return [bootstrap, teamsDirectory].some((directory) => path.startsWith(`${directory}/`));
}

/** Whether what changes in a file of a chart is a key: in its values, and in the file of a team. */
function hasKeys(path: string): boolean {
  return path.endsWith("/values.yaml") || roleOf(path).role === "team";
}

function sideOf(kind: InputChange["change"]): "base" | "head" {
  return kind === "remove" ? "base" : "head";
}

function toCause(file: string, { line, key, side }: KeyChange): Cause {
  return { file, line, key, side };
}

/** The first line of the newer text that differs, from 1. */
function firstDifference(before: string, after: string): number {
  const [a, b] = [before.split("\n"), after.split("\n")];
  const at = b.findIndex((line, index) => line !== a[index]);
  return at < 0 ? Math.max(1, Math.min(a.length, b.length)) : at + 1;
}

function unique(causes: readonly Cause[]): Cause[] {
  const known = new Map(causes.map((cause) => [`${cause.file} ${cause.line} ${cause.key} ${cause.side}`, cause]));
  return [...known.values()].sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
}
