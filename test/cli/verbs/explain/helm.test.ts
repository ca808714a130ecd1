import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import { Renderer, type ExpandedApplication } from "../../../../cli/tree/renderer";
import { effectiveValues, type Effective } from "../../../../cli/tree/values/effective";
import { useSample } from "../../support/sample";

const base = "gitops/charts/echo/1.0.0";

/** Prints the values that a chart, or a chart inside it, gets. */
const template = `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Chart.Name }}
data:
  values: {{ toYaml .Values | quote }}
`;

const chartFile = (name: string, more: object = {}) => stringify({ apiVersion: "v2", name, version: "1.0.0", ...more });

/** Directories of the charts inside, and how their parent uses them: by alias, condition, tag and import. */
const charts: Readonly<Record<string, string>> = {
  [base]: chartFile("echo", {
    dependencies: [
      {
        name: "db",
        version: "1.0.0",
        condition: "db.enabled",
        "import-values": [{ child: "a", parent: "b" }, "shared"],
      },
      { name: "db", version: "1.0.0", alias: "replica", tags: ["extra"] },
    ],
  }),
  [`${base}/charts/db`]: chartFile("db", {
    dependencies: [
      { name: "log", version: "1.0.0", condition: "log.enabled", "import-values": [{ child: "a", parent: "c" }] },
    ],
  }),
  [`${base}/charts/db/charts/log`]: chartFile("log"),
  [`${base}/charts/plain`]: chartFile("plain"),
};

const leaf = fc.oneof(
  fc.integer({ min: -3, max: 9 }),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom("", "text", "yes", "0123", 1.5, 1e21, 9007199254740993000),
  fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 2 }),
);
const { values } = fc.letrec<{ values: Record<string, unknown> }>((tie) => ({
  values: fc.dictionary(
    fc.constantFrom("a", "b", "c", "global", "dotted.key"),
    fc.oneof({ depthSize: "small" }, leaf, tie("values")),
    { maxKeys: 4 },
  ),
}));
/** Values that reach into the charts inside. A mapping is wanted where a chart is, for Helm refuses anything else. */
const deep = fc
  .record(
    {
      own: values,
      db: fc.record(
        { own: values, enabled: fc.boolean(), log: fc.oneof(values, fc.constant({ enabled: false })) },
        { requiredKeys: ["own"] },
      ),
      replica: values,
      plain: values,
      exports: fc.record({ shared: values }),
      tags: fc.record({ extra: fc.boolean() }),
    },
    { requiredKeys: ["own"] },
  )
  .map(({ own, db, ...rest }) => ({ ...own, ...(db && { db: { ...db.own, ...db, own: undefined } }), ...rest }));

const layers = ["values.yaml", "stages/dev/values.yaml", "regions/us-east-1.yaml"].map(
  (name) => `gitops/apps/echo/${name}`,
);

/** The plain value that the explained ones make together; empty mappings that no file has are Helm's own. */
function together({ values: all }: Effective): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const { path, value } of all) {
    let at = result;
    for (const step of path.slice(0, -1)) at = (at[step] ??= {}) as Record<string, unknown>;
    at[path.at(-1)!] = value;
  }
  return result;
}

function withoutEmpty(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const kept = Object.entries(value).map(([key, inner]) => [key, withoutEmpty(inner)] as const);
  return Object.fromEntries(kept.filter(([, inner]) => !isDeepStrictEqual(inner, {})));
}

describe("values as explain computes them", () => {
  const sample = useSample();
  let renderer: Renderer;

  beforeEach(async () => {
    for (const [directory, chart] of Object.entries(charts)) {
      sample.write(`${directory}/Chart.yaml`, chart);
      sample.write(`${directory}/templates/values.yaml`, template);
    }
    const pin = "component: echo\nchart: echo\nversion: 1.0.0\nnamespace: orders\nrequires: base\nteam: commerce\n";
    sample.write("gitops/apps/echo/stages/dev/pin.yaml", `${pin}image:\n  tag: "1"\n`);
    renderer = await Renderer.open({ root: sample.root, env: process.env, offline: true });
  });
  afterEach(() => renderer.close());

  /** What explain says, and what the templates of the chart and of those inside it print; undefined if Helm refuses. */
  async function both() {
    const tree = await renderer.tree();
    const filter = { clusters: ["dev"], applications: ["echo"] };
    const rendering = await renderer.render(tree, filter);
    const application = (await renderer.expand(tree, filter)).applications.find(({ name }) => name === "echo")!;
    if (rendering.failed.length > 0) return { application, tree };
    const ids = rendering.manifests[0]!.resources.map(({ id }) => id);
    const documents = await renderer.documents(ids);
    const seen = new Map(
      [...documents.values()].map((document) => [
        document.metadata.name!,
        parse((document as unknown as { data: { values: string } }).data.values, { version: "1.1" }) as unknown,
      ]),
    );
    return { application, tree, seen, effective: await effectiveValues({ renderer, tree }, application) };
  }

  it("are those that Helm gives to a chart and to the charts inside it, whatever the layers", async function () {
    const files = [...Object.keys(charts).map((directory) => `${directory}/values.yaml`), ...layers];
    let compared = 0;
    const property = fc.asyncProperty(fc.tuple(...files.map(() => deep)), async (contents) => {
      files.forEach((file, index) => sample.write(file, stringify(contents[index], { version: "1.1" })));
      const { seen, effective } = await both();
      if (seen === undefined) return;
      compared++;
      assert.deepEqual(withoutEmpty(together(effective)), withoutEmpty(seen.get("echo")));
      for (const name of ["replica", "db", "plain"]) {
        if (!seen.has(name)) continue;
        const scope = effective.values.filter((value) => value.path[0] === name);
        const inner: unknown = together({ ...effective, values: scope })[name] ?? {};
        assert.deepEqual(withoutEmpty(inner), withoutEmpty(seen.get(name)));
      }
    });
    await fc.assert(property, { numRuns: 30, seed: 11 });
    assert.ok(compared > 15, `Helm took only ${compared} of the charts`);
  });

  it("come from the line that they name: another value there is another value in the result", async function () {
    const files = [...Object.keys(charts).map((directory) => `${directory}/values.yaml`), ...layers];
    const property = fc.asyncProperty(fc.tuple(...files.map(() => deep)), fc.nat(), async (contents, choice) => {
      files.forEach((file, index) => sample.write(file, stringify(contents[index], { version: "1.1" })));
      const { seen, effective } = await both();
      if (seen === undefined) return;
      const candidates = effective.values.filter(
        ({ file, value, key }) =>
          files.includes(file) && typeof value === "string" && value.length > 1 && !/enabled|tags/.test(key),
      );
      const chosen = candidates[choice % candidates.length];
      if (chosen === undefined) return;
      const lines = sample.read(chosen.file).split("\n");
      const line = lines[chosen.line - 1]!;
      assert.match(line, /:/);
      lines[chosen.line - 1] = `${line.slice(0, line.indexOf(":"))}: changed-here`;
      sample.write(chosen.file, lines.join("\n"));
      const after = await both();
      assert.equal(after.effective?.values.find(({ key }) => key === chosen.key)?.value, "changed-here", chosen.key);
    });
    await fc.assert(property, { numRuns: 15, seed: 5 });
  });

  const simple = async (files: Record<string, string>): Promise<Record<string, string[]>> => {
    for (const [file, text] of Object.entries(files)) sample.write(file, text);
    const { effective } = await both();
    const short = (file: string) => file.replace("gitops/apps/echo/", "").replace(`${base}/`, "chart/");
    const show = ({ file, line, value }: { file: string; line: number; value: unknown }) =>
      `${short(file)}:${line}=${JSON.stringify(value)}`;
    const all = [...effective!.values, ...effective!.removed.map((gone) => ({ ...gone, key: `-${gone.key}` }))];
    return Object.fromEntries(all.map((value) => [value.key, [value, ...value.overrides].map(show)]));
  };

  it("name the file of a chart inside the chart, its alias, and the global that reaches it", async () => {
    const found = await simple({
      [`${base}/values.yaml`]: "global:\n  zone: eu\ndb:\n  size: 2\n",
      [`${base}/charts/db/values.yaml`]: "size: 1\nlog:\n  level: warn\n",
      [`${base}/charts/db/charts/log/values.yaml`]: "level: info\nformat: json\n",
      [layers[0]!]: "\nreplica:\n  size: 5\n",
    });
    assert.deepEqual(found["db.size"], ["chart/values.yaml:4=2", "chart/charts/db/values.yaml:1=1"]);
    assert.deepEqual(found["replica.size"], ["values.yaml:3=5", "chart/charts/db/values.yaml:1=1"]);
    assert.deepEqual(found["db.log.level"], [
      'chart/charts/db/values.yaml:3="warn"',
      'chart/charts/db/charts/log/values.yaml:1="info"',
    ]);
    assert.deepEqual(found["db.log.format"], ['chart/charts/db/charts/log/values.yaml:2="json"']);
    for (const key of ["global.zone", "db.global.zone", "db.log.global.zone", "plain.global.zone"]) {
      assert.deepEqual(found[key], ['chart/values.yaml:2="eu"'], key);
    }
  });

  it("name the child that a parent imports a value from, and what that overrode", async () => {
    const found = await simple({
      [`${base}/charts/db/values.yaml`]: "a:\n  port: 5432\n",
      [`${base}/charts/db/charts/log/values.yaml`]: "a:\n  deep: 1\n",
      [layers[0]!]: "b:\n  port: 6000\n",
    });
    assert.deepEqual(found["b.port"], ["values.yaml:2=6000", "chart/charts/db/values.yaml:2=5432"]);
    assert.deepEqual(found["db.c.deep"], ["chart/charts/db/charts/log/values.yaml:2=1"]);
  });

  it("say what a null takes away in a chart inside the chart", async () => {
    const found = await simple({
      [`${base}/charts/db/values.yaml`]: "probe:\n  path: /\n  port: 1\n",
      [layers[1]!]: "db:\n  probe:\n    path: null\n",
      [layers[2]!]: "replica:\n  probe: ~\n",
    });
    assert.deepEqual(found["-db.probe.path"], ["stages/dev/values.yaml:3=null", 'chart/charts/db/values.yaml:2="/"']);
    assert.deepEqual(found["db.probe.port"], ["chart/charts/db/values.yaml:3=1"]);
    assert.deepEqual(found["-replica.probe"], [
      "regions/us-east-1.yaml:2=null",
      'chart/charts/db/values.yaml:1={"path":"/","port":1}',
    ]);
  });

  it("leave out a chart that a condition or a tag switches off, and say that it is", async () => {
    for (const [file, text] of [
      [`${base}/charts/db/values.yaml`, "size: 1\n"],
      [layers[0]!, "db:\n  enabled: false\ntags:\n  extra: false\n"],
    ] as const) {
      sample.write(file, text);
    }
    const { effective } = await both();
    assert.deepEqual(effective!.disabled, ["db", "replica"]);
    assert.equal(
      effective!.values.some(({ key }) => key.endsWith("size")),
      false,
    );
  });

  it("read YAML as Helm does, with the line of the key", async () => {
    const found = await simple({
      [layers[0]!]: [
        "base: &base { a: 1, b: 2 }",
        "merged:",
        "  <<: *base",
        "  b: yes",
        "octal: 0755",
        'quoted: "no"',
        "on: 1",
        "1: one",
        "__proto__: 1",
        '"with.dot": { x: 1e3 }',
        "list:",
        "  - a: 1",
        "alias: *base",
        "",
      ].join("\n"),
      [layers[1]!]: "list:\n  - b\n---\nsecond: 2\n",
    });
    assert.deepEqual(
      [
        "merged.a",
        "merged.b",
        "octal",
        "quoted",
        "true",
        "1",
        "__proto__",
        '"with.dot".x',
        "list",
        "alias.b",
        "second",
      ].map((key) => [key, found[key]?.[0]]),
      [
        ["merged.a", "values.yaml:1=1"],
        ["merged.b", "values.yaml:4=true"],
        ["octal", "values.yaml:5=493"],
        ["quoted", 'values.yaml:6="no"'],
        ["true", "values.yaml:7=1"],
        ["1", 'values.yaml:8="one"'],
        ["__proto__", "values.yaml:9=1"],
        ['"with.dot".x', "values.yaml:10=1000"],
        ["list", 'stages/dev/values.yaml:1=["b"]'],
        ["alias.b", "values.yaml:1=2"],
        ["second", "stages/dev/values.yaml:4=2"],
      ],
    );
    assert.deepEqual(found.list, ['stages/dev/values.yaml:1=["b"]', 'values.yaml:11=[{"a":1}]']);
  });

  it("are reported for files of 10 MB", async function () {
    const lines = Array.from({ length: 100_000 }, (_, index) => `  key${index}: "${"x".repeat(80)}"`);
    sample.write(layers[0]!, `many:\n${lines.join("\n")}\nlast: 1\n`);
    const tree = await renderer.tree();
    const { values: found, layers: read } = await renderer.values(tree, "dev", "echo");
    const placeOf = (key: string) =>
      found.filter(({ path }) => path.at(-1) === key).map(({ layer, line }) => `${read[layer]!.file}:${line}`);
    assert.deepEqual([placeOf("last"), placeOf("key99999")], [[`${layers[0]}:100002`], [`${layers[0]}:100001`]]);
  });

  it("are refused for an Application that has no chart", async () => {
    const { application, tree } = await both();
    const plain = { ...application, name: "nobody" } as ExpandedApplication;
    await assert.rejects(effectiveValues({ renderer, tree }, plain), /has no Application "nobody"/);
  });
});
