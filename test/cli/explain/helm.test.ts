import assert from "node:assert/strict";
import fc from "fast-check";
import { stringify } from "yaml";
import { TreeEngine } from "../../../cli/engine";
import { mergeLayers, valueOf } from "../../../cli/explain/merge";
import { readSource, type Sourced } from "../../../cli/explain/source";
import { useSample } from "./support/sample";

/** A chart that prints the values it got. */
const chart = "gitops/charts/echo/1.0.0";
const template = `apiVersion: v1
kind: ConfigMap
metadata:
  name: values
data:
  values: {{ toJson .Values | quote }}
`;

const leaf = fc.oneof(
  fc.integer({ min: -3, max: 9 }),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom("", "text", "yes", "0123"),
  fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 2 }),
);
const { values } = fc.letrec<{ values: Record<string, unknown> }>((tie) => ({
  values: fc.dictionary(fc.constantFrom("a", "b", "c"), fc.oneof({ depthSize: "small" }, leaf, tie("values")), {
    maxKeys: 3,
  }),
}));

const layers = ["values.yaml", "stages/dev/values.yaml", "regions/us-east-1.yaml"].map(
  (name) => `gitops/apps/echo/${name}`,
);

function sourceOf(file: string, text: string): Sourced {
  const { root, fault } = readSource(file, Buffer.from(text));
  assert.equal(fault, undefined);
  return root!;
}

describe("values as explain computes them", () => {
  const sample = useSample();

  it("are those that Helm gives to a chart, whatever the layers", async function () {
    this.timeout(60_000);
    sample.write(`${chart}/Chart.yaml`, "apiVersion: v2\nname: echo\nversion: 1.0.0\n");
    sample.write(`${chart}/templates/values.yaml`, template);
    const pin = "component: echo\nchart: echo\nversion: 1.0.0\nnamespace: orders\nrequires: base\nteam: commerce\n";
    const pinFile = "gitops/apps/echo/stages/dev/pin.yaml";
    sample.write(pinFile, `${pin}image:\n  tag: "1"\n`);
    const engine = await TreeEngine.open({ root: sample.root, env: process.env });
    try {
      const property = fc.asyncProperty(fc.tuple(values, values, values, values), async ([defaults, ...above]) => {
        const files = [`${chart}/values.yaml`, ...layers];
        const texts = [defaults, ...above].map((layer) => stringify(layer));
        files.forEach((file, index) => sample.write(file, texts[index]!));
        const tree = await engine.tree();
        const rendering = await engine.render(tree, { clusters: ["dev"], applications: ["echo"] });
        const id = rendering.manifests[0]?.resources[0]?.id;
        assert.ok(id, JSON.stringify(rendering.failed));
        const document = (await engine.documents([id])).get(id) as unknown as { data: { values: string } };

        const [chartLayer, component, ...rest] = files.map((file, index) => ({
          ...{ name: file, file, root: sourceOf(file, texts[index]!) },
        }));
        const pinLayer = { name: "pin", file: pinFile, root: sourceOf(pinFile, sample.read(pinFile)) };
        const { root } = mergeLayers([chartLayer!], [component!, pinLayer, ...rest]);
        const expected = JSON.parse(document.data.values) as Record<string, unknown>;
        delete expected.global;
        assert.deepEqual(valueOf(root), expected);
      });
      await fc.assert(property, { numRuns: 40, seed: 7 });
    } finally {
      engine.close();
    }
  });

  it("have no null of the chart's own, also where no layer says anything", () => {
    const root = sourceOf("values.yaml", "a: null\nb: { c: ~, d: 1 }\n");
    assert.deepEqual(valueOf(mergeLayers([{ name: "chart", file: "values.yaml", root }], []).root), { b: { d: 1 } });
  });

  it("read YAML as Helm does", () => {
    const text =
      'base: &base { a: 1, b: 2 }\nmerged:\n  <<: *base\n  b: yes\noctal: 0755\nquoted: "no"\nempty:\n__proto__: 1\n';
    const root = sourceOf("values.yaml", text);
    assert.equal(
      JSON.stringify(root.value),
      '{"base":{"a":1,"b":2},"merged":{"a":1,"b":true},"octal":493,"quoted":"no","empty":null,"__proto__":1}',
    );
    assert.equal(root.children?.get("merged")?.children?.get("b")?.line, 4);
  });
});
