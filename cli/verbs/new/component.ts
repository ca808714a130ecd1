import { compare, valid } from "semver";
import { parse } from "yaml";
import type { Capability, Requirement } from "../../../model/capabilities";
import { UserError } from "../../../model/errors";
import { TreeFiles } from "../../../model/files";
import { parsePin, type Image, type Pin } from "../../../model/pin";
import type { TreeSource } from "../../../model/tree-source";
import type { Input } from "../../command";
import { failure, usageError, unknownName } from "../../terminal/fail";
import { readPins } from "../../tree/pins";
import type { Changes } from "./changes";
import { toYaml, withEntry, withValue } from "../../tree/yaml-edit";
import { parseSettings, settingsText } from "./settings";

const bootstrap = "gitops/bootstrap/values.yaml";

interface Bootstrap {
  platform?: { namespaces?: Record<string, object>; chartRepositories?: string[] };
  teams?: Record<string, { namespaces?: string[] }>;
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
  const teams = bootstrapValues(changes).teams ?? {};
  const team = input.text("team") ?? missing("--team TEAM", `the teams are ${Object.keys(teams).join(", ")}`);
  if (!Object.hasOwn(teams, team)) throw unknownName("team", team, Object.keys(teams));
  const chart = input.text("chart") ?? usualChart(tree);
  const version = ownVersion(tree, chart, input.text("version"));
  const namespace = input.text("namespace") ?? name;
  const image = imageOf(input.text("image") ?? missing("--image REPOSITORY:TAG", "the pin of an app names its image"));
  const pin: Pin = { component: name, chart, version, namespace, requires: requirement(input), team, image };
  addComponent(parts, "apps", pin, `gitops/charts/${chart}/${version}/values.yaml`);
  allowNamespace(changes, namespace, team);
  const guardrails = "gitops/addons/guardrails/values.yaml";
  const text = changes.read(guardrails);
  if (text !== undefined && Array.isArray((parse(text) as { namespaces?: unknown } | null)?.namespaces)) {
    changes.edit(guardrails, withEntry(guardrails, text, ["namespaces"], namespace));
  }
}

/** A new add-on, from a chart of this repository or of a chart repository. */
export function newAddon(parts: Parts): void {
  const { tree, name, input, changes } = parts;
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
  allowNamespace(changes, namespace);
  if (repo === undefined) return;
  changes.edit(bootstrap, withEntry(bootstrap, changes.read(bootstrap) ?? "", ["platform", "chartRepositories"], repo));
}

function addComponent(
  { tree, name, input, changes }: Parts,
  group: "apps" | "addons",
  pin: Pin,
  defaults: string | undefined,
): void {
  const { stages, components } = readPins(tree);
  const known = components.find((component) => component.name === name);
  if (known) throw failure(`${known.directory} is there already; nothing was written`);
  const [first] = stages;
  if (first === undefined) throw failure("there is no stage yet; make one with `onebranch new stage`");
  const path = `gitops/${group}/${name}/stages/${first}/pin.yaml`;
  const text = toYaml(pin);
  const { findings } = parsePin(path, text);
  if (findings.length > 0) throw new UserError(findings.map(({ message, fix }) => `${message}; ${fix}`).join("\n"));
  changes.add(path, text);
  const settings = parseSettings(input.all("set"));
  const comment = `# What is the same in every stage${defaults === undefined ? "" : `; ${defaults} lists what there is`}.\n`;
  const values = settings.length > 0 ? settingsText(settings) : firstDefault(changes, defaults);
  if (values !== undefined) changes.add(`gitops/${group}/${name}/values.yaml`, comment + values);
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
function allowNamespace(changes: Changes, namespace: string, team?: string): void {
  const { platform, teams = {} } = bootstrapValues(changes);
  const path = team === undefined ? ["platform", "namespaces"] : ["teams", team, "namespaces"];
  const owners = [
    ...(Object.hasOwn(platform?.namespaces ?? {}, namespace) ? ["platform.namespaces"] : []),
    ...Object.entries(teams).flatMap(([team, { namespaces = [] }]) =>
      namespaces.includes(namespace) ? [`teams.${team}.namespaces`] : [],
    ),
  ];
  const other = owners.find((owner) => owner !== path.join("."));
  if (other !== undefined) {
    throw failure(`the namespace ${namespace} is in ${other} of ${bootstrap}; give another one with --namespace`);
  }
  const text = changes.read(bootstrap) ?? "";
  if (team !== undefined) changes.edit(bootstrap, withEntry(bootstrap, text, path, namespace));
  else if (other === undefined && owners.length === 0) {
    changes.edit(bootstrap, withValue(bootstrap, text, [...path, namespace], { podSecurity: "restricted" }));
  }
}

/** The chart that the apps of this tree use, when they all use one. */
function usualChart(tree: TreeSource): string {
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
