import { sourceOf, type Manifest, type Rendered } from "../evaluation";
import type { CheckInput } from "../input";
import { isMissing } from "../missing";
import type { Report, Rule } from "../rule";
import { entriesOf, isWrittenSecret, secretParts, writtenEntries } from "../secrets/entries";
import { isPlain, namesSecret } from "../secrets/names";
import { isThirdParty, TreeTexts } from "../secrets/origin";
import { secretShape } from "../secrets/shapes";
import { assignmentsIn, type Assignment } from "../secrets/texts";
import { lineOfText } from "../source/files";
import { isMapping } from "../../../../model/mapping";
import { makesPods } from "../../../tree/kubernetes/pod-makers";
import { formatPath, lineAt, type Step } from "../../../tree/values/yaml";

export const secretInGit: Rule = {
  id: "secret-in-git",
  also: "manifests",
  async check(input, report) {
    const told: Told = { values: new Set(), templates: new Set() };
    for (const { path, role } of input.inventory.entries) {
      if (!/\.(ya?ml|tpl|json|txt)$/.test(path) && role !== "chart") continue;
      const text = input.files.text(path);
      scanText(path, text, report);
      if (isTemplate(path)) {
        if (scanTemplate(path, text, report)) told.templates.add(path);
      } else if (/\.(properties|env|ini|toml|conf|cfg|json)$/.test(path)) scanFile(path, text, report);
      else if (path.endsWith(".yaml") && role !== "readme" && role !== "stray") {
        for (const value of scanValues(input, path, report)) told.values.add(value);
      }
    }
    if (!isMissing(input.evaluation)) scanRendered(input, (await input.evaluation.manifests()).rendered, told, report);
  },
};

/** What has been reported where it is written, and is not reported again where it is rendered. */
interface Told {
  values: Set<string>;
  templates: Set<string>;
}

const fix = "put it into the secret store of the stage, refer to it with an ExternalSecret, and replace it";

function scanText(file: string, text: string, report: Report): void {
  for (const [index, line] of text.split("\n").entries()) {
    const shape = line.length < 8 ? undefined : secretShape(line);
    if (shape !== undefined) report.finding({ file, line: index + 1 }, `${shape} is written here`, fix);
  }
}

function isTemplate(path: string): boolean {
  return /^gitops\/(bootstrap|charts\/[^/]+\/[^/]+)\/(templates|crds)\//.test(path);
}

/** Reports Secrets whose data is written in the template; returns whether there is one. */
function scanTemplate(file: string, text: string, report: Report): boolean {
  if (!/^kind:\s*["']?Secret\b/m.test(text)) return false;
  let [line, found] = [1, false];
  for (const document of text.split(/^---.*$/m)) {
    const kind = /^kind:\s*["']?Secret["']?\s*$/m.exec(document);
    if (kind && writtenEntries(document).some(({ name, text }) => isWrittenSecret(name, text))) {
      const at = line + document.slice(0, kind.index).split("\n").length - 1;
      report.finding({ file, line: at }, "this template writes a Secret with data of its own", fix);
      found = true;
    }
    line += document.split("\n").length - 1;
  }
  return found;
}

/** Reports what a configuration file of a chart sets under the name of a secret. */
function scanFile(file: string, text: string, report: Report): void {
  for (const { name, value, line } of assignmentsIn(text)) {
    if (namesSecret(name) && isPlain(value))
      report.finding({ file, line: line + 1 }, `"${name}" holds a secret in plain text`, fix);
  }
}

/** Reports values with the name of a secret, and returns them. */
function scanValues({ files, inventory }: CheckInput, path: string, report: Report): string[] {
  if (files.yaml(path).findings.length > 0) return [];
  return [...scalarsOf(inventory.valuesOf(path) ?? {})].flatMap(({ at, value }) => {
    const inside = namesSecret(at.name) ? [] : secretsInside(value);
    if (inside.length === 0 && !(isPlain(value) && namesSecret(at.name))) {
      // Its line has been reported for what it looks like.
      return typeof value === "string" && secretShape(value) !== undefined ? value : [];
    }
    const line = lineAt(files.yaml(path), at.path) ?? 1;
    const what = inside.length > 0 ? `"${inside[0]!.name}" in "${formatPath(at.path)}"` : `"${formatPath(at.path)}"`;
    report.finding({ file: path, line }, `${what} holds a secret in plain text`, fix);
    return [String(value), ...inside.map((one) => one.value)];
  });
}

/**
 * What charts make of our values and their own: Secrets with data (random data is known to be unsteady), and
 * secrets in environments and ConfigMaps.
 */
function scanRendered(
  input: CheckInput,
  rendered: readonly Rendered[],
  { values, templates }: Told,
  report: Report,
): void {
  const isTold = (text: string) =>
    [...values].some((value) => value === text || (value.length > 3 && text.includes(value)));
  const { files } = input;
  for (const one of rendered) {
    // The defaults of a third-party chart are published anyway.
    const texts = isThirdParty(one.expanded) ? new TreeTexts(input, one.expanded) : undefined;
    const isOurs = (part: string) => texts === undefined || texts.has(part);
    for (const manifest of one.manifests) {
      const { kind, name, source = "", object } = manifest;
      if (one.unsteady.includes(source)) continue;
      const at = sourceOf(files, one, source);
      if (kind === "Secret") {
        if (templates.has(at.file)) continue;
        const shown = entriesOf(object).find(
          ({ name, text }) => !isTold(text) && secretParts(name, text).some((part) => isOurs(part)),
        );
        if (shown === undefined) continue;
        if (isTemplate(at.file))
          report.finding(
            lineOfText(files, at, shown.name),
            `this template gives a Secret "${shown.name}" in plain text`,
            fix,
          );
        else report.finding(at, `${one.application} makes the Secret ${name} with data from the tree`, fix);
        continue;
      }
      for (const { at: named, value } of settingsOf(manifest)) {
        if (!isPlain(value) || values.has(String(value)) || !namesSecret(named.name)) continue;
        if (!isOurs(String(value))) continue;
        // A template of the tree makes it for every Application that has the chart.
        const what = isTemplate(at.file)
          ? `this template gives a ${kind}`
          : `${kind} ${name} of ${one.application} has`;
        report.finding(lineOfText(files, at, named.name), `${what} "${named.name}" in plain text`, fix);
      }
    }
  }
}

/** Environments of containers, and the data of ConfigMaps. */
function* settingsOf(manifest: Manifest): Generator<{ at: Named; value: unknown }> {
  const { kind, object } = manifest;
  if (kind === "ConfigMap") yield* scalarsOf(object.data ?? {});
  else if (makesPods(manifest)) yield* environments(object.spec);
}

function* environments(value: unknown): Generator<{ at: Named; value: unknown }> {
  if (Array.isArray(value)) for (const item of value) yield* environments(item);
  else if (isMapping(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (key === "env" && Array.isArray(item)) yield* scalarsOf(item);
      else if (typeof item === "object") yield* environments(item);
    }
  }
}

interface Named {
  /** The name of the value: its key, or the `name` beside a `value`. */
  name: string;
  path: Step[];
}

/** Secrets in a text that is itself a file. */
function secretsInside(value: unknown): Assignment[] {
  const found = typeof value === "string" ? assignmentsIn(value) : [];
  return found.filter((one) => namesSecret(one.name) && isPlain(one.value));
}

function* scalarsOf(value: unknown, path: Step[] = [], name = ""): Generator<{ at: Named; value: unknown }> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* scalarsOf(item, [...path, index], name);
  } else if (isMapping(value)) {
    for (const [key, item] of Object.entries(value)) {
      // Names of Secrets and their keys are not secrets, and only the cluster can read a sealed one.
      if (key === "valueFrom" || key === "encryptedData") continue;
      const called = key === "value" && typeof value.name === "string" ? value.name : key;
      yield* scalarsOf(item, [...path, key], called);
    }
  } else {
    yield { at: { name, path }, value };
  }
}
