import { stringify } from "yaml";
import type { Random } from "../random";
import { oddities } from "./oddities";
import { documents, faults, fields } from "./snippets";
import { randomValues } from "./values";

export type Files = Map<string, string>;

/** Every value that a template of a random chart reads, so that it renders with the defaults alone. */
const defaults = `alpha: one
beta: "2"
gamma: 3
size: 1.5
label: it
text: "{{ .Release.Name }} in {{ .Release.Namespace }}"
map: { a: 1, b: two }
list: [a, b]
extra: { requests: { cpu: 100m } }
nested: { one: 1, deep: { two: "on" } }
image: { tag: "" }
replicas: 2
env: { LEVEL: info, NAME: "{{ .Chart.Name }}" }
global: { zone: z0 }
`;

const helpers = `{{- define "CHART.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- define "CHART.labels" }}
app.kubernetes.io/name: {{ include "CHART.name" . }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- if .Values.label }}
label: {{ .Values.label | toString | b64enc | trunc 8 | trimAll "=" | quote }}
{{- end }}
{{- end }}
{{- define "shared" -}}the shared helper of CHART{{- end -}}
`;

/** Writes a chart with random templates and subcharts; returns the names under which its subcharts take values. */
export function randomChart(random: Random, files: Files, directory: string, name: string, depth = 0): string[] {
  const write = (path: string, text: string) => files.set(`${directory}/${path}`, text.replaceAll("CHART", name));
  const subcharts = depth < 2 ? randomSubcharts(random, files, directory, name, depth) : [];
  write(
    "Chart.yaml",
    stringify({
      apiVersion: "v2",
      name,
      version: random.pick(["1.0.0", "0.1.0", "2.3.4-rc.1", "1.0.0+build.5"]),
      ...(random.chance(0.8) ? { appVersion: random.pick(["1.2", "7", "v3.4.5"]) } : {}),
      ...(random.chance(0.3) ? { type: "application" } : {}),
      ...(random.chance(0.3) ? { keywords: ["a", "b"], description: "A random chart" } : {}),
      ...(random.chance(0.15)
        ? { kubeVersion: random.pick([">=1.20.0-0", "^1.30.0-0", ">= 1.20 < 2", "<1.20.0"]) }
        : {}),
      ...(random.chance(0.05) ? { deprecated: true } : {}),
      ...(subcharts.length > 0 ? { dependencies: subcharts.map(({ dependency }) => dependency) } : {}),
    }),
  );
  const names = subcharts.map(({ alias }) => alias);
  write("values.yaml", `${defaults}${names.map((sub) => `${sub}: { enabled: true, size: 4 }\n`).join("")}`);
  if (random.chance(0.95)) write("templates/_helpers.tpl", helpers);
  else write("templates/sub/_helpers.txt", helpers);
  randomTemplates(random, write);
  if (random.chance(0.4)) {
    write("files/a.txt", random.pick(["one\ntwo\n", "one", "", "a: {{ .not }} templated\r\n"]));
    write("files/b.json", '{"b": [1, 2]}');
  }
  if (random.chance(0.2)) write(".helmignore", "files/b.json\n*.bak\ntemplates/ignored*\n");
  if (random.chance(0.2))
    write("templates/ignored.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ignored }\n");
  if (random.chance(0.3)) write("templates/NOTES.txt", "{{ .Release.Name }} is there: {{ .Values.alpha }}\n");
  if (random.chance(0.25)) {
    write("crds/widgets.yaml", crd("Widget", "widgets"));
    if (random.chance(0.5))
      write("crds/more.yaml", `${crd("Gadget", "gadgets")}---\n${crd("Gizmo", "gizmos").trimEnd()}`);
  }
  if (random.chance(0.15)) write("values.schema.json", JSON.stringify(schema(random)));
  return names;
}

function randomTemplates(random: Random, write: (path: string, text: string) => void): void {
  for (const [i, text] of random.some(documents, random.between(1, 5)).entries()) {
    write(`templates/${random.pick(["", "sub/", "a/b/"])}d${i}.yaml`, text);
  }
  if (random.chance(0.35)) write("templates/odd.yaml", random.pick(oddities));
  const chosen = random.some(fields, random.between(3, 14));
  if (random.chance(0.04)) chosen.push(random.pick(faults));
  const tail = random.pick(["\n", "", "\n\n", "\n---\n", "\n# the end"]);
  write(
    "templates/fields.yaml",
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-CHART\ndata:\n  ${chosen
      .map((line) => line.replaceAll("\n", "\n  "))
      .join("\n  ")
      .replaceAll("nindent 4", "nindent 6")}${tail}`,
  );
  if (random.chance(0.2)) write("templates/shared.yaml", sharedHelper);
}

/** The last definition of a name wins, the parent's before its subcharts'. */
const sharedHelper = `apiVersion: v1
kind: ConfigMap
metadata: { name: shared-CHART }
data: { text: {{ include "shared" . | quote }} }
`;

interface Subchart {
  alias: string;
  dependency: object;
}

function randomSubcharts(random: Random, files: Files, directory: string, parent: string, depth: number): Subchart[] {
  const names = random.chance(0.35) ? random.some(["kid", "lib", "peer"], random.between(1, 3)) : [];
  return names.map((short) => {
    const name = `${parent}-${short}`;
    const alias = random.chance(0.3) ? `${short}Alias` : name;
    const at = `${directory}/charts/${name}`;
    if (short === "lib") {
      files.set(`${at}/Chart.yaml`, stringify({ apiVersion: "v2", name, version: "1.0.0", type: "library" }));
      files.set(`${at}/templates/_lib.tpl`, `{{- define "${name}.util" }}from the library{{ end -}}\n`);
      files.set(`${at}/templates/not-rendered.yaml`, "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: library }\n");
      return { alias: name, dependency: { name, version: "1.0.0" } };
    }
    randomChart(random, files, at, name, depth + 1);
    const chart = `${at}/Chart.yaml`;
    files.set(
      chart,
      files
        .get(chart)!
        .replace(/version: .*/, "version: 1.0.0")
        .replace(/kubeVersion: .*\n/, ""),
    );
    const importValues = random.chance(0.2)
      ? {
          "import-values": random.pick([
            [{ child: "map", parent: "imported" }],
            [{ child: "nested.deep", parent: "nested" }],
            ["exported"],
          ]),
        }
      : {};
    if (random.chance(0.3))
      files.set(`${at}/values.yaml`, `${files.get(`${at}/values.yaml`)}exports: { exported: { fromChild: 1 } }\n`);
    return {
      alias,
      dependency: {
        name,
        version: random.pick(["1.0.0", "1.x.x", ">=0.1.0", "^1.0.0"]),
        repository: random.pick(["", "https://charts.invalid.example.com"]),
        ...(alias === name ? {} : { alias }),
        ...(random.chance(0.6)
          ? { condition: random.pick([`${alias}.enabled`, `nothing.here,${alias}.enabled`]) }
          : {}),
        ...(random.chance(0.2) ? { tags: ["extra"] } : {}),
        ...importValues,
      },
    };
  });
}

function crd(kind: string, plural: string): string {
  return stringify({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.example.com` },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        },
      ],
    },
  });
}

function schema(random: Random): object {
  return {
    $schema: random.pick(["http://json-schema.org/draft-07/schema#", "https://json-schema.org/draft/2020-12/schema"]),
    type: "object",
    properties: {
      replicas: { type: "integer", minimum: 0, maximum: random.pick([5, 100]) },
      env: { type: ["object", "null"], additionalProperties: { type: ["string", "null", "integer"] } },
      image: { type: "object", properties: { tag: { type: ["string", "number"] } } },
    },
    ...(random.chance(0.2) ? { required: ["alpha", "never"] } : {}),
  };
}

/** A values file for a chart of this module. */
export const valuesFor = randomValues;
