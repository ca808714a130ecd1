import { compare, valid } from "semver";
import { parse } from "yaml";
import type { Capability, Requirement } from "../../../model/capabilities";
import { TreeFiles } from "../../../model/files";
import type { Group } from "../../../model/layers";
import { parsePin, type Image, type Pin } from "../../../model/pin";
import {
  bootstrapValues as bootstrap,
  placeOfNamespaces,
  teamFile,
  type OwnedNamespace,
  type Teams,
} from "../../../model/teams";
import { readTree } from "../../../model/tree";
import type { TreeSource } from "../../../model/tree-source";
import type { Input } from "../../command";
import { failure, usageError, unknownName } from "../../terminal/fail";
import { readPins } from "../../tree/pins";
import { refuseFaults, type Changes } from "./changes";
import { toYaml, withEntry, withValue } from "../../tree/yaml-edit";
import { overlaidFiles } from "./overlaid";
import { keepOwners } from "./owners";
import { parseSettings, settingsText } from "./settings";

interface Bootstrap {
  platform?: { namespaces?: Record<string, object>; chartRepositories?: string[] };
}

interface Parts {
  tree: TreeSource;
  name: string;
  input: Input;
  changes: Changes;
}

/** A new app: its pin in the first stage, its values, and a place for it in its team's project. */
export function newApp(parts: Parts): void {
  const { tree, name, input, changes } = parts;
  const { teams } = readTree(tree);
  const team = input.text("team") ?? missing("--team TEAM", `the teams are ${teams.names.join(", ")}`);
  if (!teams.names.includes(team)) {
    // A team may be in a file that is not read: that is said, and not that there is no such team.
    for (const path of [bootstrap, teamFile(team)]) changes.read(path);
    throw unknownName("team", team, teams.names);
  }
  const namespace = input.text("namespace") ?? name;
  const image = imageOf(input.text("image") ?? missing("--image REPOSITORY:TAG", "the pin of an app names its image"));
  if (input.flag("kustomize")) {
    addOverlaid(parts, "apps", { namespace, requires: requirement(input), team, image });
  } else {
    addOfChart(parts, { namespace, requires: requirement(input), team, image });
  }
  allowNamespace(changes, teams, namespace, team);
  keepOwners(tree, changes, (owned) => ({ ...owned, apps: new Map([...owned.apps, [name, new Set([team])]]) }));
  const guardrails = "gitops/addons/guardrails/values.yaml";
  const text = changes.read(guardrails);
  if (text !== undefined && Array.isArray((parse(text) as { namespaces?: unknown } | null)?.namespaces)) {
    changes.edit(guardrails, withEntry(guardrails, text, ["namespaces"], namespace));
  }
}

function addOfChart(parts: Parts, rest: Omit<Pin, "component" | "version">): void {
  const { tree, name, input } = parts;
  const chart = input.text("chart") ?? usualChart(tree);
  const version = ownVersion(tree, chart, input.text("version"));
  addComponent(
    parts,
    "apps",
    { component: name, chart, version, ...rest },
    `gitops/charts/${chart}/${version}/values.yaml`,
  );
}

/** A component with a base and an overlay of its own; bootstrap makes Applications of such pins from then on. */
function addOverlaid(parts: Parts, group: Group, rest: Omit<Pin, "component" | "version">): void {
  const { name, input, changes } = parts;
  for (const option of ["chart", "repo", "set"]) {
    if (input.flag(option)) throw usageError(`--kustomize makes manifests instead of a chart; leave out --${option}`);
  }
  const version = input.text("version") ?? "1.0.0";
  addComponent(parts, group, { component: name, kustomize: true, version, ...rest }, undefined);
  for (const [path, text] of overlaidFiles(group, name, version, firstStage(parts), rest.image!))
    changes.add(path, text);
  changes.edit(bootstrap, withValue(bootstrap, changes.read(bootstrap) ?? "", ["kustomize"], true));
}

/** A new add-on, from a chart of this repository or of a chart repository. */
export function newAddon(parts: Parts): void {
  const { tree, name, input, changes } = parts;
  if (input.flag("kustomize")) {
    const namespace = input.text("namespace") ?? name;
    const image = imageOf(input.text("image") ?? missing("--image REPOSITORY:TAG", "its base needs an image"));
    addOverlaid(parts, "addons", { namespace, requires: requirement(input), image });
    allowNamespace(changes, readTree(tree).teams, namespace);
    return;
  }
  if (input.flag("image")) throw usageError("a chart has its images in its values: --image goes with --kustomize");
  const chart = input.text("chart") ?? name;
  const repo = input.text("repo");
  const said = input.text("version");
  const version =
    repo === undefined
      ? ownVersion(tree, chart, said)
      : (said ?? missing("--version VERSION", "a third-party chart is pinned to an exact version"));
  const namespace = input.text("namespace") ?? name;
  const pin: Pin = {
    component: name,
    chart,
    ...(repo === undefined ? {} : { repo }),
    version,
    namespace,
    requires: requirement(input),
  };
  addComponent(parts, "addons", pin, repo === undefined ? `gitops/charts/${chart}/${version}/values.yaml` : undefined);
  allowNamespace(changes, readTree(tree).teams, namespace);
  if (repo === undefined) return;
  changes.edit(bootstrap, withEntry(bootstrap, changes.read(bootstrap) ?? "", ["platform", "chartRepositories"], repo));
}

function addComponent(
  { tree, name, input, changes }: Parts,
  group: Group,
  pin: Pin,
  defaults: string | undefined,
): void {
  const known = readPins(tree).components.find((component) => component.name === name);
  if (known) throw failure(`${known.directory} is there already; nothing was written`);
  const path = `gitops/${group}/${name}/stages/${firstStage({ tree })}/pin.yaml`;
  const text = toYaml(pin);
  refuseFaults(parsePin(path, text).findings);
  changes.add(path, text);
  const settings = parseSettings(input.all("set"));
  const comment = `# What is the same in every stage${defaults === undefined ? "" : `; ${defaults} lists what there is`}.\n`;
  const values = settings.length > 0 ? settingsText(settings) : firstDefault(changes, defaults);
  if (values !== undefined) changes.add(`gitops/${group}/${name}/values.yaml`, comment + values);
}

function firstStage({ tree }: Pick<Parts, "tree">): string {
  const [first] = readPins(tree).stages;
  return first ?? fail("there is no stage yet; make one with `onebranch new stage`");
}

function fail(message: string): never {
  throw failure(message);
}

/** The first of the chart's own values: it shows where to write values and changes nothing. */
function firstDefault(changes: Changes, defaults: string | undefined): string | undefined {
  const [first] = defaults === undefined ? [] : Object.entries(parsed<Record<string, unknown>>(changes, defaults));
  return first && toYaml({ [first[0]]: first[1] });
}

function bootstrapValues(changes: Changes): Bootstrap {
  return parsed<Bootstrap>(changes, bootstrap);
}

function parsed<T>(changes: Changes, path: string): Partial<T> {
  const text = changes.read(path) ?? "";
  try {
    return (parse(text) ?? {}) as Partial<T>;
  } catch {
    throw failure(`${path} is not valid YAML; mend it first`);
  }
}

/** Argo CD refuses what its project does not list. Without a team the namespace is one of the platform's. */
function allowNamespace(changes: Changes, teams: Teams, namespace: string, team?: string): void {
  const { platform } = bootstrapValues(changes);
  const shared = Object.hasOwn(platform?.namespaces ?? {}, namespace);
  const owned = teams.namespaces.find((one) => one.namespace === namespace);
  if (owned !== undefined ? owned.team !== team : shared && team !== undefined) {
    const place = owned === undefined ? `platform.namespaces of ${bootstrap}` : placeOfOwned(owned);
    throw failure(`the namespace ${namespace} is in ${place}; give another one with --namespace`);
  }
  if (owned !== undefined || shared) return;
  const file = team === undefined ? bootstrap : placeOfNamespaces(teams, team);
  const text = changes.read(file) ?? "";
  if (team === undefined) {
    changes.edit(file, withValue(file, text, ["platform", "namespaces", namespace], { podSecurity: "restricted" }));
  } else if (file === bootstrap) {
    changes.edit(file, withEntry(file, text, ["teams", team, "namespaces"], namespace));
  } else changes.edit(file, withValue(file, text, ["namespaces", namespace], {}));
}

function placeOfOwned({ file, team }: OwnedNamespace): string {
  return file === bootstrap ? `teams.${team}.namespaces of ${file}` : `namespaces of ${file}`;
}

/** The shared chart of most apps, where the tree has it; otherwise the one that all its apps use. */
function usualChart(tree: TreeSource): string {
  if (charts(tree).includes("service")) return "service";
  const apps = readPins(tree).components.filter(({ group }) => group === "apps");
  const used = new Set(apps.flatMap(({ pins }) => [...pins.values()].flatMap(({ pin }) => pin?.chart ?? [])));
  const [chart] = used;
  return chart !== undefined && used.size === 1
    ? chart
    : missing("--chart CHART", `the charts are ${charts(tree).join(", ")}`);
}

function charts(tree: TreeSource): string[] {
  return new TreeFiles(tree).directories("gitops/charts").map(({ name }) => name);
}

/** A version of a chart of this repository: the one that was asked for, or the highest. */
function ownVersion(tree: TreeSource, chart: string, said: string | undefined): string {
  if (!charts(tree).includes(chart)) throw unknownName("chart", chart, charts(tree));
  const entries = new TreeFiles(tree).list(`gitops/charts/${chart}`).filter(({ kind }) => kind === "directory");
  const versions = entries
    .map(({ name }) => name)
    .filter((name) => valid(name) !== null)
    .sort(compare);
  const version = said ?? versions.at(-1);
  if (version === undefined) throw failure(`gitops/charts/${chart} has no version yet`);
  if (!versions.includes(version)) throw unknownName(`version of ${chart}`, version, versions);
  return version;
}

/** `repository:tag` or `repository@sha256:...`; a colon before the last slash is a port. */
function imageOf(text: string): Image {
  const [, repository, digest, tag] = /^(.+?)(?:@(sha256:[0-9a-f]+)|:([^:/@]+))$/.exec(text) ?? [];
  if (repository === undefined)
    throw usageError(`--image takes REPOSITORY:TAG or REPOSITORY@sha256:DIGEST, found "${text}"`);
  return digest === undefined ? { repository, tag: tag! } : { repository, digest };
}

function requirement(input: Input): Requirement {
  const said = input.all("requires") as readonly Capability[];
  return said.length > 1 ? [...said] : (said[0] ?? "base");
}

function missing(option: string, why: string): never {
  throw usageError(`this needs ${option}; ${why}`);
}
