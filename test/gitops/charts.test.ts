import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { chartPages } from "../../cli/tree/chart-page";
import type { CheckFinding } from "../../cli/verbs/check/rule";
import { isMapping } from "../../model/mapping";
import { TreeRepo, keepRepo } from "../cli/support/tree-repo";
import { docs, fixtures } from "../support/paths";
import { root } from "../support/root";
import { skip } from "../support/skip";

/** Values of a chart with the kinds that they make, or the sentence that refuses them. */
interface Case {
  title: string;
  values: Record<string, unknown>;
  makes?: string[];
  refused?: string;
}

interface Rendered {
  components: { component: string; manifests: { kind: string; spec?: { template?: object } }[] }[];
  unrendered: { component: string; reason: string }[];
}

interface ExternalSecret {
  spec: { target: { name: string }; data: { remoteRef: { key: string; property?: string } }[] };
}

interface Schema {
  description?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
}

/** Kinds of add-ons, whose definitions are not in the tree of this test. */
const ofAddons = new RegExp(
  `^(${[
    ...["AnalysisTemplate", "Certificate", "ClusterImagePolicy", "ClusterIssuer", "ConstraintTemplate", "EnvoyProxy"],
    ...["ExternalSecret", "Gateway", "GatewayClass", "HTTPRoute", "PodMonitor", "Rollout", "ScaledObject"],
    "ServiceMonitor",
  ].join("|")})$`,
);

/** Charts of apps; the others are the platform's, and make no pods. */
const ofApps = ["cronjob", "service", "worker"];

/** A team for which the chart `tenant` makes each of its objects. */
const payments = `description: Cards and invoices
owners: ["@example/payments"]
groups: { admin: [leads], edit: [developers], view: [support] }
namespaces:
  cards:
    mesh: true
    allowFrom: [gateways]
    allowTo: [{ namespace: orders, ports: [443] }, { namespace: invoices }, { cidr: 10.0.0.0/16, ports: [5432] }]
  invoices:
quotas:
  prod: { pods: 7, limits.memory: 4Gi }
`;

for (const file of readdirSync(join(fixtures, "charts"))) {
  const [, chart = "", version = ""] = /^(.+)-(\d+\.\d+\.\d+)\.yaml$/.exec(file) ?? [];
  const cases = parse(readFileSync(join(fixtures, "charts", file), "utf8")) as Case[];

  describe(`the shared chart ${chart} ${version}`, function () {
    const directory = join(root, "gitops/charts", chart, version);
    const repo = keepRepo(new TreeRepo());
    const nameOf = (index: number) => `${chart}-${index}`;
    let rendered: Rendered;

    before(async function () {
      // gitops/ belongs to its user, who may do without it, and may have later versions.
      if (!existsSync(directory)) skip(this, `gitops/charts/${chart}/${version} is not there`);
      cpSync(join(root, "gitops/charts"), join(repo.root, "gitops/charts"), { recursive: true });
      const isApp = ofApps.includes(chart);
      if (chart === "tenant") repo.put({ "gitops/teams/payments.yaml": payments });
      for (const [index, { values }] of cases.entries()) {
        const at = `gitops/${isApp ? "apps" : "addons"}/${nameOf(index)}`;
        const { image, ...rest } = values;
        const pin = { component: nameOf(index), chart, version, requires: "base" };
        const own = { ...{ repository: "registry.example.com/a", tag: "1.2.3" }, ...(isMapping(image) ? image : {}) };
        const team = { team: "commerce", image: Object.fromEntries(Object.entries(own).filter(([, one]) => one !== null)) };
        repo.put({
          [`${at}/values.yaml`]: stringify(rest),
          [`${at}/stages/dev/pin.yaml`]: stringify(
            isApp ? { ...pin, namespace: "orders", ...team } : { ...pin, namespace: "guardrails" },
          ),
        });
      }
      rendered = JSON.parse((await repo.run("render", "dev", "--offline", "--json")).out) as Rendered;
    });

    for (const [index, { title, makes, refused }] of cases.entries()) {
      it(`${refused === undefined ? "takes" : "refuses"} ${title}`, () => {
        const reason = rendered.unrendered.find(({ component }) => component === nameOf(index))?.reason;
        const made = rendered.components.find(({ component }) => component === nameOf(index))?.manifests ?? [];
        if (refused !== undefined) assert.ok(reason?.includes(refused), reason ?? "it renders");
        else assert.deepEqual([reason, [...new Set(made.map(({ kind }) => kind))].sort()], [undefined, makes]);
      });
    }

    it("makes pods that fit the Pod Security level restricted", () => {
      const pods = rendered.components
        .filter(({ component }) => component.startsWith(`${chart}-`))
        .flatMap(({ manifests }) => manifests.flatMap((one) => [...podsIn(one)]));
      assert.equal(pods.length > 0, ofApps.includes(chart));
      for (const { securityContext, containers } of pods) {
        const { runAsNonRoot, seccompProfile } = securityContext;
        assert.deepEqual({ runAsNonRoot, seccompProfile }, { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
        for (const container of containers) {
          assert.deepEqual(container.securityContext, {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          });
        }
      }
    });

    if (ofApps.includes(chart))
      it("asks for keys of the stage's one secret, and its pods name the Secrets that come of it", () => {
        for (const { component, manifests } of rendered.components.filter(({ component: name }) => name.startsWith(chart))) {
          const asking = manifests.filter(({ kind }) => kind === "ExternalSecret") as unknown as ExternalSecret[];
          for (const { spec } of asking) {
            assert.ok(spec.data.every(({ remoteRef }) => remoteRef.key === "stage-secrets" && remoteRef.property));
          }
          const named = JSON.stringify(manifests.filter(({ kind }) => kind !== "ExternalSecret")).matchAll(
            /"secretRef":\{"name":"([^"]+)"\}|"secretName":"([^"]+)"/g,
          );
          const names = [...named].map(([, environment, files]) => environment ?? files).filter((name) => name !== "shop-tls");
          assert.deepEqual(names.sort(), asking.map(({ spec }) => spec.target.name).sort(), component);
        }
      });

    it("is described and set in every key by one of these cases", () => {
      const schema = JSON.parse(readFileSync(join(directory, "values.schema.json"), "utf8")) as Schema;
      const ofPin = /^(Of the pin|Helm's own key)/;
      const own = keysOf(schema).filter(({ path }) => !ofPin.test(schema.properties![path[0]!]!.description!));
      const taken = cases.filter(({ refused }) => refused === undefined);
      const unset = own.filter(({ path }) => !taken.some(({ values }) => isSet(values, path)));
      assert.deepEqual(
        unset.map(({ path }) => path.join(".")),
        [],
      );
      for (const { path, description } of keysOf(schema)) assert.match(description, /\.$/, path.join("."));
    });

    it("fits the API of Kubernetes", async function () {
      const rules = ["kubernetes-schema", "refused-name", "removed-api"].flatMap((rule) => ["--rule", rule]);
      const found = JSON.parse((await repo.run("check", "HEAD", "--json", ...rules)).out) as CheckFinding[];
      const missing = found.find(({ message }) => message.includes("is not at hand"));
      if (missing !== undefined) skip(this, missing.message);
      const left = found.filter(({ message }) => {
        const [, kind = ""] = /nothing in the tree defines \S+ (\w+)/.exec(message) ?? [];
        return !ofAddons.test(kind);
      });
      assert.deepEqual(
        left.filter(({ file }) => file.includes(chart)),
        [],
      );
    });
  });
}

describe("the app of docs/charts.md", function () {
  const repo = keepRepo(new TreeRepo());

  it("is made in dev and prod as it stands there", async function () {
    if (!existsSync(join(root, "gitops/charts/service/1.0.0"))) skip(this, "gitops/charts/service/1.0.0 is not there");
    cpSync(join(root, "gitops/charts"), join(repo.root, "gitops/charts"), { recursive: true });
    repo.git("rm", "-rq", "gitops/apps/orders", "gitops/clusters/prod/values", "gitops/clusters/prod/exceptions.yaml");
    const page = readFileSync(join(docs, "charts.md"), "utf8");
    const files = [...page.matchAll(/```yaml\n# (gitops\/\S+)\n([^`]+)```/g)].map(([, path, text]) => [path!, text!]);
    assert.equal(files.length, 3);
    const pin = files.find(([path]) => path!.endsWith("dev/pin.yaml"))![1]!;
    repo.put({ ...Object.fromEntries(files), "gitops/apps/catalog/stages/prod/pin.yaml": pin });
    for (const [cluster, kind] of [
      ["dev", "ExternalSecret"],
      ["prod", "HTTPRoute"],
    ] as const) {
      const { code, out, err } = await repo.run("render", cluster, "catalog", "--offline");
      assert.deepEqual([code, err], [0, ""]);
      assert.match(out, new RegExp(`^kind: ${kind}$`, "m"));
    }
    const { out } = await repo.run("check", "HEAD", "--offline", "--rule", "values-schema", "--rule", "render-failure");
    assert.doesNotMatch(out, /apps\/catalog/);
  });
});

describe("the pages of the shared charts", () => {
  const pages = chartPages(root);

  it("take the description of Chart.yaml, and show keys that nothing describes", () => {
    const tree = mkdtempSync(join(tmpdir(), "onebranch-"));
    const directory = join(tree, "gitops/charts/plain/1.0.0");
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "Chart.yaml"), "name: plain\nversion: 1.0.0\ndescription: Makes little.\n");
    const properties = { global: {}, team: { type: "string" }, size: { $ref: "#/definitions/size" } };
    const definitions = { size: { type: "object", properties: { cpu: { type: "integer" } } } };
    writeFileSync(join(directory, "values.schema.json"), JSON.stringify({ properties, definitions }));
    const [{ text } = { text: "" }] = chartPages(tree);
    rmSync(tree, { recursive: true });
    assert.match(text, /\nMakes little\. Version 1\.0\.0\.\n/);
    const [own, ofPin] = text.split("## From the pin");
    assert.deepEqual(
      [own, ofPin].map((part) => [...part!.matchAll(/^\| `([^`]+)`/gm)].map(([, key]) => key)),
      [["size", "size.cpu"], ["team"]],
    );
  });

  for (const { file, text } of pages) {
    it(`say what the chart says (make docs): ${file}`, () => {
      assert.equal(readFileSync(join(docs, "reference/charts", file), "utf8"), text);
    });
  }
});

interface Pod {
  securityContext: Record<string, unknown>;
  containers: { securityContext: object }[];
}

/** The specs of pods anywhere in a manifest. */
function* podsIn(value: unknown): Generator<Pod> {
  if (Array.isArray(value)) for (const item of value) yield* podsIn(item);
  else if (isMapping(value)) {
    if (Array.isArray(value.containers)) yield value as unknown as Pod;
    for (const item of Object.values(value)) yield* podsIn(item);
  }
}

function keysOf(schema: Schema, at: string[] = []): { path: string[]; description: string }[] {
  const { properties = {}, additionalProperties: named, items } = schema;
  return [
    ...Object.entries(properties).flatMap(([name, of]) => [
      { path: [...at, name], description: of.description ?? "" },
      ...keysOf(of, [...at, name]),
    ]),
    ...(typeof named === "object" ? keysOf(named, [...at, "*"]) : []),
    ...(items ? keysOf(items, [...at, "*"]) : []),
  ];
}

/** Whether values have something at a path; `*` is any key or entry. */
function isSet(values: unknown, [step, ...rest]: readonly string[]): boolean {
  if (step === undefined) return values !== undefined;
  if (typeof values !== "object" || values === null) return false;
  const inner = step === "*" ? Object.values(values) : [(values as Record<string, unknown>)[step]];
  return inner.some((one) => one !== undefined && isSet(one, rest));
}
