import { sourceOf, type Rendered } from "../evaluation";
import { isMissing, type CheckInput } from "../input";
import type { Report, Rule } from "../rule";
import { isValues } from "../values/merge";
import { formatPath, lineAt, type Step } from "../values/yaml";

export const secretInGit: Rule = {
  id: "secret-in-git",
  title: "A password, token or key stands in the tree in plain text.",
  why: "Everybody who can read the repository has it, and its history keeps it after it is removed.",
  fix: "Put it into the stage's secret store, refer to it with an ExternalSecret, and replace the one that was shown.",
  severity: "error",
  also: "manifests",
  async check(input, report) {
    for (const { path, place } of input.inventory.placed) {
      if (!/\.(ya?ml|tpl|json|txt)$/.test(path) && place.kind !== "chart") continue;
      const text = input.files.text(path);
      scanText(path, text, report);
      if (isTemplate(path)) scanManifests(path, text, report);
      else if (path.endsWith(".yaml") && place.kind !== "readme" && place.kind !== "stray")
        scanValues(input, path, report);
    }
    if (!isMissing(input.evaluation)) scanRendered(input, (await input.evaluation.manifests()).rendered, report);
  },
};

/** Secrets of charts that are not in the tree: filled from our values, since what a template draws by lot is unsteady. */
function scanRendered({ files }: CheckInput, rendered: readonly Rendered[], report: Report): void {
  for (const one of rendered) {
    for (const { kind, name, source = "", object } of one.manifests) {
      const data = { ...(object.data as object), ...(object.stringData as object) };
      const filled = Object.values(data).some((value) => value !== "" && value !== null);
      const at = sourceOf(files, one, source);
      if (kind !== "Secret" || !filled || isTemplate(at.file) || one.unsteady.includes(source)) continue;
      report.finding(at, `${one.application} makes the Secret ${name} with data from the tree`, fix);
    }
  }
}

const fix = "put it into the secret store of the stage, refer to it with an ExternalSecret, and replace it";

function scanText(file: string, text: string, report: Report): void {
  const patterns: readonly [RegExp, string][] = [
    [/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/, "a private key"],
    [/\bAKIA[0-9A-Z]{16}\b/, "an AWS access key"],
    [/\b(?:ghp|gho|ghs)_[A-Za-z0-9]{36}\b|\bgithub_pat_\w{22,}/, "a GitHub token"],
    [/\bglpat-[\w-]{20,}/, "a GitLab token"],
    [/\bxox[abprs]-[\w-]{10,}/, "a Slack token"],
    [/[a-z][a-z0-9+.-]*:\/\/[^\s/:@"'{}$<]+:[^\s/:@"'{}$<]+@/i, "an address with a password"],
  ];
  for (const [pattern, what] of patterns) {
    if (!pattern.test(text)) continue;
    text.split("\n").forEach((line, index) => {
      if (pattern.test(line)) report.finding({ file, line: index + 1 }, `${what} stands here`, fix);
    });
  }
}

function isTemplate(path: string): boolean {
  return /^gitops\/(bootstrap|charts\/[^/]+\/[^/]+)\/(templates|crds)\//.test(path);
}

/** A Secret whose data come from the template: what it says, or the values it is given, stand in Git. */
function scanManifests(file: string, text: string, report: Report): void {
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

function scanValues({ files, inventory }: CheckInput, path: string, report: Report): void {
  if (files.yaml(path).findings.length > 0) return;
  for (const { at, value } of scalarsOf(inventory.valuesOf(path) ?? {})) {
    if (!isPlain(value) || !namesSecret(at.name)) continue;
    const line = lineAt(files.yaml(path), at.path) ?? 1;
    report.finding({ file: path, line }, `"${formatPath(at.path)}" holds a secret in plain text`, fix);
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
      const called = key === "value" && typeof value.name === "string" ? value.name : key;
      yield* scalarsOf(item, [...path, key], called);
    }
  } else {
    yield { at: { name, path }, value };
  }
}

const secretName =
  /(^|-)(password|passwd|passphrase|pwd|token|api-?key|private-?key|client-?secret|secret-?key|secret-?access-?key|auth-?key|encryption-?key|signing-?key|credentials?)$/;

function namesSecret(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/[_.\s]+/g, "-")
    .toLowerCase();
  return secretName.test(words);
}

/** Whether a value is the thing itself: text that is not empty, a path, or a reference to where it stands. */
function isPlain(value: unknown): boolean {
  if (typeof value === "number") return true;
  if (typeof value !== "string" || value.trim() === "") return false;
  return !/^(\$\{|\$\(|\{\{|\/|file:|env:|vault:|ref\+|<)/.test(value);
}
