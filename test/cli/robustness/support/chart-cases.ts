import type { HostileCase } from "./hostile-case";

const define = (name: string, body: string): string => `{{- define "${name}" }}${body}{{ end -}}`;
const configMap = (value: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n  a: ${value}\n`;
const itself = '{{ $d := dict }}{{ $_ := set $d "d" $d }}';

const template = (name: string, text: string, finds?: RegExp): HostileCase => ({
  name: `a template with ${name}`,
  make: (tree) => void tree.chart({ "templates/a.yaml": text }),
  ...(finds && { finds }),
});

const stopped = /the chart gitops\/charts\/bad\/1\.0\.0 was stopped: a template /;

/** The renderer gives each of them two seconds; see hostile.test.ts. */
export const templateCases: HostileCase[] = [
  template(
    "includes 100 deep",
    define("d", '{{ if lt (int .) 100 }}{{ include "d" (add1 .) }}{{ else }}bottom{{ end }}') +
      configMap('{{ include "d" 0 }}'),
  ),
  template(
    "an include of itself",
    define("d", '{{ include "d" . }}') + configMap('{{ include "d" . }}'),
    /nested reference name/,
  ),
  template("loops that write nothing", "{{ range until 1000000 }}{{ range until 1000000 }}{{ end }}{{ end }}", stopped),
  template("a text that doubles", '{{ $x := "x" }}{{ range until 60 }}{{ $x = print $x $x }}{{ end }}', stopped),
  template(
    "a dictionary that holds itself",
    itself + configMap("{{ print $d }}"),
    // On a slow machine its time is over before its stack is.
    /the renderer stopped: rendering gitops\/charts\/bad\/1\.0\.0 does not come to an end \(stack overflow\)|chart gitops\/charts\/bad\/1\.0\.0 was stopped/,
  ),
  template(
    "a slow function in a loop",
    '{{ range until 1000 }}{{ $_ := derivePassword 1 "maximum" "p" "u" "s" }}{{ end }}',
    stopped,
  ),
  template("a failure of many lines", '{{ fail "no\\n  at way (x.js:1:1)" }}', /no at way \(x\.js:1:1\)/),
  template(
    "files outside of the chart",
    configMap('{{ .Files.Get "../../../../../outside/secret.yaml" }}-{{ .Files.Get "/etc/passwd" }}'),
  ),
];

const file = (name: string, path: string, content: string | Buffer, finds: RegExp): HostileCase => ({
  name: `a chart with ${name}`,
  make: (tree) => void tree.chart({ "templates/a.yaml": configMap("1"), [path]: content }),
  finds,
});

const metadata = "apiVersion: v2\nname: bad\nversion: 1.0.0\n";

export const chartCases: HostileCase[] = [
  file(
    "a name that climbs",
    "Chart.yaml",
    metadata.replace("bad", "../../outside"),
    /Chart\.yaml:2: name is "\.\.\/\.\.\/outside"/,
  ),
  file(
    "a version that climbs",
    "Chart.yaml",
    metadata.replace("1.0.0", "../1.0.0"),
    /Chart\.yaml:3: version is "\.\.\/1\.0\.0"/,
  ),
  file(
    "a dependency in a directory of the machine",
    "Chart.yaml",
    `${metadata}dependencies: [{ name: x, version: 1.0.0, repository: 'file:///etc' }]\n`,
    /the dependency x 1\.0\.0 of bad \(file:\/\/\/etc\) is not in its charts/,
  ),
  file("a subchart that is not an archive", "charts/x.tgz", "no archive", /error unpacking subchart x\.tgz in bad/),
  file(
    "a schema that names a file of the machine",
    "values.schema.json",
    '{"$ref": "file:///etc/passwd"}',
    /file:\/\/\/etc\/passwd is outside the chart/,
  ),
];
