import { stringify } from "yaml";
import { Random } from "./random";

/** Strings that generators and templates are made of; with Go templates, and without. */
const tags = {
  go: [
    "{{ .component }}",
    "{{ .version }}",
    "{{ .name }}",
    "{{ .stage }}",
    "{{ .nested.text }}",
    "{{ index .path.segments 1 }}",
    "{{ .path.basename | upper }}",
    "{{ .values.v }}",
    "{{ default `d` .nothing }}",
    "{{ .replicas }}",
    "fixed",
    "{{ .metadata.labels.stage }}",
    "{{ .path.path | slugify 12 true }}",
    "{{ tpl `{{ .component }}{{ .nothing }}` . }}",
  ],
  plain: [
    "{{component}}",
    "{{ version }}",
    "{{name}}",
    "{{path.basename}}",
    "{{path[1]}}",
    "{{values.v}}",
    "{{ nested.text }}",
    "fixed",
    "{{nothing}}",
    "{{metadata.labels.stage}}",
  ],
};

const patterns = [
  "oracle/apps/*/stages/dev/pin.yaml",
  "oracle/apps/*/stages/*/pin.yaml",
  "oracle/pins/*.yaml",
  "oracle/lists/*",
  "oracle/**/pin.yaml",
  "oracle/apps/one",
  "none/*",
];
const folders = ["oracle/*", "oracle/apps/*", "oracle/apps/*/stages/*", "*"];

/** ApplicationSets of every kind that the renderer evaluates; REPO and REVISION stand for what is known later. */
export function randomSets(seed: number, count: number): string[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, i) => stringify({ spec: randomSpec(random, i) }, { version: "1.1" }));
}

function randomSpec(random: Random, index: number): object {
  const go = random.chance(0.75);
  const tag = () => random.pick(go ? tags.go : tags.plain);
  const name = go
    ? "{{ or .component .name .path.basename | toString | lower | normalize }}"
    : random.pick(["{{component}}", "{{name}}", "{{path.basename}}"]);
  return {
    ...(go ? { goTemplate: true } : {}),
    ...(go && random.chance(0.4) ? { goTemplateOptions: ["missingkey=error"] } : {}),
    ...(random.chance(0.3) ? { syncPolicy: { preserveResourcesOnDeletion: random.chance(0.5) } } : {}),
    generators: Array.from({ length: random.chance(0.2) ? 2 : 1 }, () => generator(random, tag, 0)),
    template: {
      metadata: { name: `random-${index}-${name}`, annotations: { a: tag(), b: `x-${tag()}-${tag()}` } },
      spec: {
        project: "platform",
        source: {
          repoURL: "REPO",
          targetRevision: "REVISION",
          path: "oracle/lists",
          ...(random.chance(0.5)
            ? { helm: { valueFiles: [tag(), "fixed.yaml"], ignoreMissingValueFiles: random.chance(0.5) } }
            : {}),
        },
        destination: { server: "https://kubernetes.default.svc", namespace: "x" },
        ...(random.chance(0.3) ? { syncPolicy: { automated: { prune: random.chance(0.5) } } } : {}),
      },
    },
  };
}

function generator(random: Random, tag: () => string, depth: number): object {
  const kinds = [
    "list",
    "files",
    "files",
    "directories",
    "clusters",
    ...(depth < 2 ? ["matrix", "merge", "merge"] : []),
  ];
  const kind = random.pick(kinds);
  return { ...body(random, tag, depth, kind), ...(random.chance(0.3) ? { selector: selector(random) } : {}) };
}

function body(random: Random, tag: () => string, depth: number, kind: string): object {
  const values = random.chance(0.3) ? { values: { v: tag() } } : {};
  const prefix = random.chance(0.2) ? { pathParamPrefix: "pre" } : {};
  const git = { repoURL: "REPO", revision: "REVISION", ...prefix, ...values };
  const inner = () => [generator(random, tag, depth + 1), generator(random, tag, depth + 1)];
  switch (kind) {
    case "list":
      return {
        list: {
          elements: random.some(
            [
              { component: "one", name: "n1" },
              { component: "two", version: "7" },
              { name: "listed", stage: "dev" },
            ],
            random.between(0, 3),
          ),
        },
      };
    case "files":
      return {
        git: {
          ...git,
          files: [
            { path: random.pick(patterns) },
            ...(random.chance(0.3) ? [{ path: random.pick(patterns), exclude: true }] : []),
          ],
        },
      };
    case "directories":
      return {
        git: {
          ...git,
          directories: [
            { path: random.pick(folders) },
            ...(random.chance(0.3) ? [{ path: random.pick(folders), exclude: true }] : []),
          ],
        },
      };
    case "clusters":
      return {
        clusters: {
          ...values,
          ...(random.chance(0.5) ? { selector: { matchLabels: { stage: random.pick(["dev", "prod"]) } } } : {}),
        },
      };
    case "matrix":
      return { matrix: { generators: inner() } };
    default:
      return { merge: { mergeKeys: [random.pick(["component", "name"])], generators: inner() } };
  }
}

function selector(random: Random): object {
  const key = random.pick(["component", "version", "replicas", "nested.text", "path.basename", "name"]);
  const operator = random.pick(["In", "NotIn", "Exists", "DoesNotExist"]);
  return {
    matchExpressions: [
      {
        key,
        operator,
        ...(operator.endsWith("In") ? { values: random.some(["one", "two", "1.3.0", "3", "dev", "x"], 3) } : {}),
      },
    ],
  };
}
