import { sourceOf, type Manifest, type Rendered } from "../evaluation";
import type { CheckInput } from "../input";
import { isMissing } from "../missing";
import type { Report, Rule } from "../rule";
import { isPlain, namesSecret } from "../secrets/names";
import { secretShape } from "../secrets/shapes";
import { lineOfText } from "../source/files";
import { isValues } from "../../../tree/values/merge";
import { formatPath, lineAt, type Step } from "../../../tree/values/yaml";

export const secretInGit: Rule = {
  id: "secret-in-git",
  title: "A password, token or key stands in the tree in plain text, or in base64.",
  why: "Everybody who can read the repository has it, and its history keeps it after it is removed.",
  fix:
    "Put it into the stage's secret store, refer to it with an ExternalSecret, and replace the one that was shown. Found are values with the name of " +
    "a secret, what looks like one (private keys, tokens of well-known makers, JWTs, addresses with a password), and Secrets, environments " +
    "and ConfigMaps that are rendered with one; references such as ${NAME}, paths and empty values are none.",
  severity: "error",
  also: "manifests",
  async check(input, report) {
    const told = new Set<string>();
    for (const { path, place } of input.inventory.placed) {
      if (!/\.(ya?ml|tpl|json|txt)$/.test(path) && place.kind !== "chart") continue;
      const text = input.files.text(path);
      scanText(path, text, report);
      if (isTemplate(path)) scanTemplate(path, text, report);
      else if (path.endsWith(".yaml") && place.kind !== "readme" && place.kind !== "stray") {
        for (const value of scanValues(input, path, report)) told.add(value);
      }
    }
    if (!isMissing(input.evaluation)) scanRendered(input, (await input.evaluation.manifests()).rendered, told, report);
  },
};

const fix = "put it into the secret store of the stage, refer to it with an ExternalSecret, and replace it";

function scanText(file: string, text: string, report: Report): void {
  for (const [index, line] of text.split("\n").entries()) {
    const shape = line.length < 8 ? undefined : secretShape(line);
    if (shape !== undefined) report.finding({ file, line: index + 1 }, `${shape} stands here`, fix);
  }
}

function isTemplate(path: string): boolean {
  return /^gitops\/(bootstrap|charts\/[^/]+\/[^/]+)\/(templates|crds)\//.test(path);
}

/** A Secret whose data come from the template: what it says, or the values it is given, stand in Git. */
function scanTemplate(file: string, text: string, report: Report): void {
  if (!/^kind:\s*["']?Secret\b/m.test(text)) return;
  let line = 1;
  for (const document of text.split(/^---.*$/m)) {
    const kind = /^kind:\s*["']?Secret["']?\s*$/m.exec(document);
    if (kind && /^(data|stringData):/m.test(document)) {
      const at = line + document.slice(0, kind.index).split("\n").length - 1;
      report.finding({ file, line: at }, "this template writes a Secret with data of its own", fix);
    }
    line += document.split("\n").length - 1;
  }
}

/** Tells of values with the name of a secret, and gives them back. */
function scanValues({ files, inventory }: CheckInput, path: string, report: Report): string[] {
  if (files.yaml(path).findings.length > 0) return [];
  return [...scalarsOf(inventory.valuesOf(path) ?? {})].flatMap(({ at, value }) => {
    if (!isPlain(value) || !namesSecret(at.name)) return [];
    const line = lineAt(files.yaml(path), at.path) ?? 1;
    report.finding({ file: path, line }, `"${formatPath(at.path)}" holds a secret in plain text`, fix);
    return String(value);
  });
}

/**
 * What charts make of our values and of their own: Secrets that are filled (what a template draws by lot is unsteady), and
 * secrets in environments and ConfigMaps.
 * @param told secrets that are told where the values stand
 */
function scanRendered(
  { files }: CheckInput,
  rendered: readonly Rendered[],
  told: ReadonlySet<string>,
  report: Report,
): void {
  for (const one of rendered) {
    for (const manifest of one.manifests) {
      const { kind, name, source = "" } = manifest;
      if (one.unsteady.includes(source)) continue;
      const at = sourceOf(files, one, source);
      if (kind === "Secret") {
        if (!isTemplate(at.file) && isFilled(manifest))
          report.finding(at, `${one.application} makes the Secret ${name} with data from the tree`, fix);
        continue;
      }
      for (const { at: named, value } of settingsOf(manifest)) {
        if (!isPlain(value) || told.has(String(value)) || !namesSecret(named.name)) continue;
        // A template of the tree makes it for every Application that has the chart.
        const what = isTemplate(at.file)
          ? `this template gives a ${kind}`
          : `${kind} ${name} of ${one.application} has`;
        report.finding(lineOfText(files, at, named.name), `${what} "${named.name}" in plain text`, fix);
      }
    }
  }
}

function isFilled({ object }: Manifest): boolean {
  const data = { ...(object.data as object), ...(object.stringData as object) };
  return Object.values(data).some((value) => value !== "" && value !== null);
}

/** Environments of containers, and the data of ConfigMaps. */
function* settingsOf({ kind, object }: Manifest): Generator<{ at: Named; value: unknown }> {
  if (kind === "ConfigMap") yield* scalarsOf(object.data ?? {});
  else if (isWorkload.test(kind)) yield* environments(object.spec);
}

const isWorkload = /^(Pod|Deployment|StatefulSet|DaemonSet|ReplicaSet|ReplicationController|Job|CronJob)$/;

function* environments(value: unknown): Generator<{ at: Named; value: unknown }> {
  if (Array.isArray(value)) for (const item of value) yield* environments(item);
  else if (isValues(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (key === "env" && Array.isArray(item)) yield* scalarsOf(item);
      else if (typeof item === "object") yield* environments(item);
    }
  }
}

interface Named {
  /** What the value is called: its key, or the `name` beside a `value`. */
  name: string;
  path: Step[];
}

function* scalarsOf(value: unknown, path: Step[] = [], name = ""): Generator<{ at: Named; value: unknown }> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* scalarsOf(item, [...path, index], name);
  } else if (isValues(value)) {
    for (const [key, item] of Object.entries(value)) {
      // Names of Secrets and their keys are no secrets.
      if (key === "valueFrom") continue;
      const called = key === "value" && typeof value.name === "string" ? value.name : key;
      yield* scalarsOf(item, [...path, key], called);
    }
  } else {
    yield { at: { name, path }, value };
  }
}
