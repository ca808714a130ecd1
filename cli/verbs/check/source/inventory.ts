import { readExceptions, type Exception } from "../../../../model/exception";
import type { Finding } from "../../../../model/findings";
import { layers, type Group } from "../../../../model/layers";
import { readClusterPin, readPin, type Checked, type ClusterPin, type Pin } from "../../../../model/pin";
import { describeNode, type YamlFile } from "../../../../model/document";
import { isMapping, type Mapping } from "../../../../model/mapping";
import { TooDeep, valueOf } from "../../../tree/values/yaml";
import type { SourceFiles } from "./files";
import type { RuleId } from "../../../../model/rules";
import { roleOf, type FileRole, type Role } from "../../../tree/file-roles";

/** One file of the tree with its role. */
export type TreeFile<R extends Role = Role> = FileRole<R> & { path: string };

/** A component with its pins. */
export interface Component {
  name: string;
  group: Group;
  /** `gitops/<group>/<name>`. */
  directory: string;
  /** By stage; a pin with faults has a path only. */
  pins: Map<string, StagePin>;
  /** By stage, then by ring; only while a version is on its way through the stage. */
  ringPins: Map<string, Map<string, StagePin>>;
  /** Versions of its own base, where Kustomize builds it. */
  bases: Set<string>;
}

/** The pin of a stage or of a ring. */
export interface StagePin {
  path: string;
  pin: Pin | undefined;
}

/** All pins of a component with their stage, those of rings too. */
export function pinsOf({ pins, ringPins }: Component): (StagePin & { stage: string; ring?: string })[] {
  return [
    ...[...pins].map(([stage, pin]) => ({ stage, ...pin })),
    ...[...ringPins].flatMap(([stage, of]) => [...of].map(([ring, pin]) => ({ stage, ring, ...pin }))),
  ];
}

export interface OwnPin {
  cluster: string;
  component: string;
  path: string;
  /** Undefined when the file has faults. */
  pin: ClusterPin | undefined;
}

/** The role and content of the files of a tree, except clusters, stages and regions, which the model reads. */
export class Inventory {
  readonly entries: readonly TreeFile[];
  /** By name; an app and an add-on with the same name are two entries of `twins`. */
  readonly components = new Map<string, Component>();
  /** Components with the name of an earlier one: the ApplicationSet would make two Applications with that name. */
  readonly twins: Component[] = [];
  /** By cluster, then by component. */
  readonly ownPins = new Map<string, Map<string, OwnPin>>();
  /** By cluster; undefined when the file has faults. */
  readonly exceptions = new Map<string, { path: string; entries: Exception[] | undefined }>();
  /** Versions of each chart of the tree. */
  readonly charts = new Map<string, Set<string>>();
  /** Names for which a file or directory exists, even when its content has faults. */
  readonly stages = new Set<string>();
  readonly regions = new Set<string>();
  readonly clusters = new Set<string>();
  /** Faults of pins, exceptions and values files, in the words of the model. */
  readonly faults: Finding[] = [];
  private readonly values = new Map<string, Mapping | undefined>();

  /** @param contents false: only the paths are known, and no file is read */
  constructor(
    readonly files: SourceFiles,
    private readonly contents = true,
  ) {
    this.entries = files.paths.map((path) => ({ ...roleOf(path), path }));
    for (const file of this.entries) {
      this.add(file);
      if (contents && isValuesFile(file)) this.readValues(file.path);
    }
  }

  /** What a values file or a pin sets; an empty mapping for an empty file, undefined for one with faults. */
  valuesOf(path: string): Mapping | undefined {
    if (!this.values.has(path)) this.readValues(path);
    return this.values.get(path);
  }

  /** All files of one role, or of several. */
  ofRole<R extends Role>(...roles: readonly R[]): TreeFile<R>[] {
    return this.entries.filter(({ role }) => (roles as readonly string[]).includes(role)) as TreeFile<R>[];
  }

  /** The component in the directory of this group and name. */
  component(group: Group, name: string): Component | undefined {
    const found = this.components.get(name);
    return found?.group === group ? found : this.twins.find((twin) => twin.group === group && twin.name === name);
  }

  private add(file: TreeFile): void {
    const { path } = file;
    switch (file.role) {
      case "stage":
        this.stages.add(file.stage);
        break;
      case "region":
        this.regions.add(file.region);
        break;
      case "cluster":
        this.clusters.add(file.cluster);
        break;
      case "chart":
        this.versionsOf(file.chart).add(file.version);
        break;
      case "component-values":
      case "stage-values":
      case "ring-values":
      case "region-values":
      case "stage-overlay":
      case "ring-overlay":
      case "region-overlay":
        this.componentOf(file);
        break;
      case "base":
        this.componentOf(file).bases.add(file.version);
        break;
      case "ring-pin": {
        const { ringPins } = this.componentOf(file);
        const ofStage = ringPins.get(file.stage) ?? new Map<string, StagePin>();
        ringPins.set(file.stage, ofStage.set(file.ring, { path, pin: this.read(path, readPin) }));
        break;
      }
      case "pin":
        this.componentOf(file).pins.set(file.stage, { path, pin: this.read(path, readPin) });
        break;
      case "cluster-pin":
        this.addOwnPin(file);
        break;
      case "exceptions":
        this.exceptions.set(file.cluster, { path, entries: this.read(path, readExceptions) });
        break;
      case "cluster-values":
      case "stage-rbac":
      case "team":
      case "teams-chart":
      case "bootstrap":
      case "readme":
      case "stray":
        break;
    }
  }

  private read<T>(path: string, parse: (file: YamlFile) => Checked<T>): T | undefined {
    if (!this.contents) return undefined;
    const { value, findings } = parse(this.files.yaml(path));
    this.faults.push(...findings);
    return value;
  }

  private readValues(path: string): void {
    const file = this.files.yaml(path);
    const found = [...file.findings];
    this.values.set(path, undefined);
    try {
      const value = valueOf(file) ?? {};
      if (isMapping(value)) this.values.set(path, found.length === 0 ? value : undefined);
      else found.push(fault(path, "wrong-type", `the file is ${describeNode(file.root)}`, "write a mapping"));
    } catch (error) {
      if (!(error instanceof TooDeep)) throw error;
      const message = "the file is nested too deeply, or its aliases repeat too much";
      found.push(fault(path, "wrong-value", message, "write it flat and without aliases"));
    }
    // The faults of a pin are known already.
    if (!["pin", "ring-pin", "cluster-pin"].includes(roleOf(path).role)) this.faults.push(...found);
  }

  private addOwnPin({ path, cluster, component }: TreeFile<"cluster-pin">): void {
    const pins = this.ownPins.get(cluster) ?? new Map<string, OwnPin>();
    const pin = this.read(path, readClusterPin);
    this.ownPins.set(cluster, pins.set(component, { cluster, component, path, pin }));
  }

  private versionsOf(chart: string): Set<string> {
    const versions = this.charts.get(chart) ?? new Set();
    this.charts.set(chart, versions);
    return versions;
  }

  private componentOf({ group, component: name }: { group: Group; component: string }): Component {
    const known = this.component(group, name);
    if (known) return known;
    const component: Component = {
      name,
      group,
      directory: `gitops/${group}/${name}`,
      pins: new Map(),
      ringPins: new Map(),
      bases: new Set(),
    };
    if (this.components.has(name)) this.twins.push(component);
    else this.components.set(name, component);
    return component;
  }
}

/** Whether Helm reads a file as values: of a component, a chart or bootstrap. */
function isValuesFile(file: FileRole): boolean {
  if (file.role === "chart" || file.role === "bootstrap") return file.inside === "values.yaml";
  return layers.some(({ role, pin }) => role === file.role && !pin);
}

function fault(file: string, rule: RuleId, message: string, fix: string): Finding {
  return { rule, severity: "error", file, line: 1, message, fix };
}
