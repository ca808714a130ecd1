import { existsSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { nearestName } from "../../../model/names";
import { roleOf, type FileRole } from "../../tree/file-roles";
import type { ExpandedApplication, RendererTree } from "../../tree/renderer";
import { usageError } from "../../terminal/fail";
import { componentNames, type ClusterFacts } from "../../tree/open";
import { ringsOf } from "../../tree/rings";
import { mainSource } from "../../tree/values/effective";

/** The path in the tree of a file that a person named, relative to the current directory. */
export function treePath(tree: RendererTree, root: string, cwd: string, typed: string): string {
  const path = relative(root, resolve(cwd, typed)).split(sep).join("/");
  for (const candidate of [path, typed.replace(/^\.?\//, "")]) {
    if (tree.files.entry(candidate) !== undefined) return candidate;
  }
  if (!path.startsWith("..") && existsSync(join(root, path))) {
    throw usageError(`${typed} is not a file that Git would commit; Argo CD only sees what is committed`);
  }
  const near = nearestPath(tree, path);
  throw usageError(`there is no file ${typed}${near === undefined ? "" : `; did you mean ${near}?`}`);
}

/** The file of the tree whose path differs least; a wrong directory counts more than a wrong letter. */
function nearestPath(tree: RendererTree, path: string): string | undefined {
  const paths = tree.files.entries.map((entry) => entry.path).filter((other) => other.startsWith("gitops/"));
  const depth = path.split("/").length;
  return nearestName(
    path,
    paths.filter((other) => other.split("/").length === depth),
  );
}

/** Why the chart of an Application does not get a file as values; undefined when it does. */
export function whyUnread(
  tree: RendererTree,
  { name, stage, ring, region }: ClusterFacts,
  application: ExpandedApplication,
  path: string,
): string | undefined {
  const component = application.name;
  const source = mainSource(application)?.path;
  if (application.valueFiles.some((file) => file.path === path)) return undefined;
  if (source !== undefined && path === `${source}/values.yaml`) return undefined;
  const file = roleOf(path);
  if (!path.startsWith("gitops/")) return "Argo CD reads only what is below gitops/";
  return (
    layerOfOther("stage", file, tree, name, stage) ??
    ringOfOther(file, tree, name, stage, ring) ??
    layerOfOther("region", file, tree, name, region) ??
    layerOfOther("cluster", file, tree, name, name) ??
    otherComponent(file, tree, component) ??
    otherKind(file, component, name, source)
  );
}

/** A file of another stage, region or cluster than this one's, or of one that does not exist. */
function layerOfOther(
  kind: "stage" | "region" | "cluster",
  file: FileRole,
  tree: RendererTree,
  cluster: string,
  own: string,
): string | undefined {
  const found = (file as Partial<Record<typeof kind, string>>)[kind];
  if (found === undefined || found === own) return undefined;
  const known = names(tree, kind);
  if (!known.includes(found)) {
    const near = nearestName(found, known);
    return `there is no ${kind} ${found}${near === undefined ? "" : `; did you mean ${near}?`}`;
  }
  if (kind === "cluster") return `it belongs to the cluster ${found}, not to ${cluster}`;
  return `it belongs to the ${kind} ${found}; ${cluster} is in the ${kind} ${own}`;
}

/** A file of another ring than this cluster's, in the same stage. */
function ringOfOther(
  file: FileRole,
  tree: RendererTree,
  cluster: string,
  stage: string,
  own: string | undefined,
): string | undefined {
  if ((file.role !== "ring-pin" && file.role !== "ring-values" && file.role !== "ring-overlay") || file.ring === own)
    return undefined;
  const known = ringsOf(tree.files, stage);
  if (!known.includes(file.ring)) {
    const near = nearestName(file.ring, known);
    return `the stage ${stage} has no ring ${file.ring}${near === undefined ? "" : `; did you mean ${near}?`}`;
  }
  return `it belongs to the ring ${file.ring}; ${cluster} is in ${own === undefined ? "none" : `the ring ${own}`}`;
}

function names(tree: RendererTree, kind: "stage" | "region" | "cluster"): string[] {
  if (kind === "cluster") return [...tree.clusters.map(({ name }) => name), ...tree.unreadable.map((c) => c.cluster)];
  const pattern = new RegExp(`^gitops/${kind}s/([^/]+)\\.yaml$`);
  return tree.files.entries.flatMap(({ path }) => pattern.exec(path)?.[1] ?? []);
}

function otherComponent(file: FileRole, tree: RendererTree, component: string): string | undefined {
  if (!("component" in file) || file.component === component) return undefined;
  const known = componentNames(tree);
  if (known.includes(file.component)) return `it belongs to the component ${file.component}, not to ${component}`;
  const near = nearestName(file.component, known);
  return `there is no component ${file.component}${near === undefined ? "" : `; did you mean ${near}?`}`;
}

function otherKind(file: FileRole, component: string, cluster: string, source: string | undefined): string {
  switch (file.role) {
    case "pin":
    case "ring-pin":
    case "cluster-pin":
      return `${component} comes from a chart repository, whose charts do not get the pin as values`;
    case "chart":
      return file.inside === "values.yaml"
        ? `${component} uses ${source ?? "a third-party chart"} in ${cluster}, not ${file.chart} ${file.version}`
        : "it is part of a chart and sets no values";
    case "cluster":
    case "stage":
    case "region":
    case "bootstrap":
      return `it is read by bootstrap, not by ${component}`;
    case "team":
    case "teams-chart":
      return "bootstrap and the chart tenant read it as a file, and it sets no values";
    case "stage-rbac":
      return "it says who may do what in Argo CD, and sets no values";
    case "exceptions":
      return "it says why a cluster may differ, and sets no values";
    case "stray": {
      const near = nearestName(file.name, file.allowed);
      const offer = near === undefined ? `allowed here: ${file.allowed.join(", ")}` : `did you mean ${near}?`;
      return `nothing reads ${file.name} in ${file.directory}; ${offer}`;
    }
    case "base":
    case "stage-overlay":
    case "ring-overlay":
    case "region-overlay":
      return "Kustomize builds it, and it sets no values";
    case "component-values":
    case "stage-values":
    case "ring-values":
    case "region-values":
    case "cluster-values":
    case "readme":
      return "no Application reads it";
  }
}
