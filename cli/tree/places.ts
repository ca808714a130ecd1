/** The two kinds of components, named as their directories. */
export type Group = "addons" | "apps";

/** A file that nothing reads where it stands. */
export interface Stray {
  /** The directory in which it, or the directory that holds it, is a stranger. */
  directory: string;
  name: string;
  /** What may stand there: names, or `<component>` and the like for any name. */
  allowed: readonly string[];
}

interface Kinds {
  cluster: { cluster: string };
  exceptions: { cluster: string };
  "cluster-values": { cluster: string; component: string };
  "cluster-pin": { cluster: string; component: string };
  stage: { stage: string };
  region: { region: string };
  "component-values": { group: Group; component: string };
  pin: { group: Group; component: string; stage: string };
  "stage-values": { group: Group; component: string; stage: string };
  "region-values": { group: Group; component: string; region: string };
  chart: { chart: string; version: string; inside: string };
  bootstrap: object;
  readme: object;
  stray: Stray;
}

export type PlaceKind = keyof Kinds;

/** What one file of the tree is, by where it stands. */
export type Place<K extends PlaceKind = PlaceKind> = { [P in K]: { kind: P } & Kinds[P] }[K];

const directories = ["addons", "apps", "bootstrap", "charts", "clusters", "regions", "stages"];

/** Which part of the tree a file is, from its path (`gitops/...`). */
export function placeOf(path: string): Place {
  const [, top, ...rest] = path.split("/") as [string, string, ...string[]];
  const stray: StrayAt = (depth, ...allowed) => {
    const parts = path.split("/");
    return { kind: "stray", directory: parts.slice(0, depth).join("/"), name: parts[depth]!, allowed };
  };
  if (rest.length === 0) return top === "README.md" ? { kind: "readme" } : stray(1, ...directories);
  switch (top) {
    case "bootstrap":
      return { kind: "bootstrap" };
    case "stages":
    case "regions": {
      const name = yamlName(rest);
      if (name === undefined) return stray(2, `<${top.slice(0, -1)}>.yaml`);
      return top === "stages" ? { kind: "stage", stage: name } : { kind: "region", region: name };
    }
    case "clusters":
      return clusterPlace(rest, stray);
    case "charts":
      return chartPlace(rest, stray);
    case "addons":
    case "apps":
      return componentPlace(top, rest, stray);
    default:
      return stray(1, ...directories);
  }
}

type StrayAt = (depth: number, ...allowed: string[]) => Place<"stray">;

function clusterPlace([cluster, part, ...rest]: string[], stray: StrayAt): Place {
  if (cluster === undefined || part === undefined) return stray(2, "<cluster>/cluster.yaml");
  if (rest.length === 0 && part === "cluster.yaml") return { kind: "cluster", cluster };
  if (rest.length === 0 && part === "exceptions.yaml") return { kind: "exceptions", cluster };
  const component = yamlName(rest);
  if (part !== "values" && part !== "pins") return stray(3, "cluster.yaml", "exceptions.yaml", "values", "pins");
  if (component === undefined) return stray(4, "<component>.yaml");
  return { kind: part === "values" ? "cluster-values" : "cluster-pin", cluster, component };
}

function chartPlace([chart, version, ...inside]: string[], stray: StrayAt): Place {
  if (chart === "README.md" && version === undefined) return { kind: "readme" };
  if (chart === undefined || version === undefined) return stray(2, "<chart>/<version>");
  if (version === "README.md" && inside.length === 0) return { kind: "readme" };
  if (inside.length === 0) return stray(3, "<version>");
  return { kind: "chart", chart, version, inside: inside.join("/") };
}

function componentPlace(group: Group, [component, part, ...rest]: string[], stray: StrayAt): Place {
  if (component === "README.md" && part === undefined) return { kind: "readme" };
  if (component === undefined || part === undefined) return stray(2, "<component>/values.yaml");
  if (rest.length === 0) {
    if (part === "values.yaml") return { kind: "component-values", group, component };
    if (part === "README.md") return { kind: "readme" };
  }
  if (part === "regions" && rest.length > 0) {
    const region = yamlName(rest);
    return region === undefined ? stray(4, "<region>.yaml") : { kind: "region-values", group, component, region };
  }
  if (part === "stages" && rest.length > 0) {
    const [stage, file, ...more] = rest;
    if (file === undefined) return stray(4, "<stage>/pin.yaml", "<stage>/values.yaml");
    if (more.length === 0 && file === "pin.yaml") return { kind: "pin", group, component, stage: stage! };
    if (more.length === 0 && file === "values.yaml") return { kind: "stage-values", group, component, stage: stage! };
    return stray(5, "pin.yaml", "values.yaml");
  }
  return stray(3, "values.yaml", "stages", "regions");
}

/** `x` of the one name `x.yaml`. */
function yamlName(rest: readonly string[]): string | undefined {
  return rest.length === 1 && rest[0]!.endsWith(".yaml") ? rest[0]!.slice(0, -".yaml".length) : undefined;
}
