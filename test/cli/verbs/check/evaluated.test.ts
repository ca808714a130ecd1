import assert from "node:assert/strict";
import type { RenderedTree } from "../../../../cli/verbs/check/evaluation";
import { kubernetesSchema } from "../../../../cli/verbs/check/rules/kubernetes-schema";
import { autoscaledReplicas } from "../../../../cli/verbs/check/rules/autoscaled-replicas";
import { crdRemoved } from "../../../../cli/verbs/check/rules/crd-removed";
import { immutableField } from "../../../../cli/verbs/check/rules/immutable-field";
import { duplicateApplication } from "../../../../cli/verbs/check/rules/duplicate-application";
import { secretInGit } from "../../../../cli/verbs/check/rules/secret-in-git";
import type { ApplicationChange, ChangeKind, KubernetesObject } from "../../../../cli/tree/renderer";
import { objectOf, removals, updates, type RemovalRow, type UpdateRow } from "../../../support/argocd-tables";
import { expanded, found } from "./support/answers";
/** The rest of what is rendered. */
const nothingElse = { unsteady: [], repeated: [], dropped: [], unapplied: [] };

describe("rules of changes", () => {
  /** What two rules find of the objects of some rows, each of an Application of its own: `title: ids`. */
  async function seen<T extends UpdateRow | RemovalRow>(rows: readonly (T & { title: string })[], change: ChangeKind) {
    const applications = rows.map((row, i) => {
      const one = expanded(`row${i}`, "components");
      one.application.spec.syncPolicy = { syncOptions: row.application ?? [] };
      return one;
    });
    const documents = new Map<string, KubernetesObject>();
    const changes = rows.map((row, i): ApplicationChange => {
      const application = `row${i}`;
      const before = { ...row, options: "before" in row ? row.before : row.options };
      documents.set(application, { ...objectOf(row, "a"), immutable: true });
      documents.set(`${application} before`, { ...objectOf(before, "a"), immutable: true });
      const { apiVersion, kind } = objectOf(row, "a");
      const fields = [{ path: kind === "ConfigMap" ? "data.a" : "spec.scope", from: "1", to: "2" }];
      const sides = { before: `${application} before`, ...(change === "change" && { after: application, fields }) };
      return {
        ...{ application, change: "change", clusters: ["dev"], readings: [], renders: 1 },
        resources: [{ apiVersion, kind, name: "a", change, ...sides }],
      };
    });
    const answers = { applications, changes: { sets: [], documents, changes } };
    const lines = (await Promise.all([immutableField, crdRemoved].map((rule) => found(rule, answers)))).flat();
    return rows.map(({ title }, i) => {
      const own = lines.filter((line) => line.includes(`/row${i}/`));
      return `${title}: ${own.map((line) => /\[([a-z-]+)\]$/.exec(line)![1]).join()}`;
    });
  }

  it("say how a field that does not change is changed", async () => {
    const rows = updates.filter(({ kind }) => kind !== "Namespace");
    const expected = rows.map(({ title, update, kind }) => {
      const loses = kind === "CustomResourceDefinition" && update.startsWith("recreated");
      const isRefused = update === "in-place" || update === "recreated-unless-refused";
      return `${title}: ${isRefused ? "immutable-field" : loses ? "crd-removed" : ""}`;
    });
    assert.deepEqual(await seen(rows, "change"), expected);
  });

  it("say nothing of what leaves Git, definitions included", async () => {
    assert.deepEqual(
      await seen(removals, "remove"),
      removals.map(({ title }) => `${title}: `),
    );
  });
});

describe("duplicate-application", () => {
  it("tells once of two sets that make one name", async () => {
    const applications = [expanded("tools", "charts", ["components"]), expanded("tools", "components", ["charts"])];
    assert.deepEqual(await found(duplicateApplication, { applications }), [
      'gitops/addons/tools/stages/dev/pin.yaml:1: the ApplicationSets charts and components both make "tools" in dev; ' +
        "narrow the generator or selector of one set [duplicate-application]",
    ]);
  });
});

describe("secret-in-git", () => {
  const source = "tools/templates/secret.yaml";
  /** A file of the tree that sets `config.TITLE: orders`. */
  const file = "gitops/apps/orders/values.yaml";
  const secret = (data: object, unsteady: string[] = [], path = ""): RenderedTree["rendered"] => [
    {
      ...{ application: "tools", clusters: ["dev"], ...nothingElse, unsteady },
      expanded: { ...expanded("tools", "charts"), valueFiles: path === "" ? [] : [{ path, exists: true }] },
      manifests: [
        {
          ...{ apiVersion: "v1", kind: "Secret", name: "admin", namespace: "tools", source, id: "1" },
          object: { apiVersion: "v1", kind: "Secret", metadata: { name: "admin" }, data },
        },
      ],
    },
  ];

  it("reports a Secret that a third-party chart fills from the tree, without its value", async () => {
    assert.deepEqual(await found(secretInGit, { rendered: secret({ password: "b3JkZXJzIQ==" }, [], file) }), [
      "gitops/addons/tools/stages/dev/pin.yaml:1: tools makes the Secret admin with data from the tree; " +
        "put it into the secret store of the stage, refer to it with an ExternalSecret, and replace it [secret-in-git]",
    ]);
  });

  it("lets pass what is a default of the chart, and not a value of the tree", async () => {
    const text = Buffer.from("# orders\npassword: hunter2\nuser: a\n").toString("base64");
    const defaults = secret({ password: "aHVudGVyMw==", "a.yaml": text }, [], file);
    assert.deepEqual(await found(secretInGit, { rendered: defaults }), []);
  });

  it("lets empty ones pass, and those that a chart draws by lot", async () => {
    assert.deepEqual(await found(secretInGit, { rendered: secret({ password: "" }) }), []);
    assert.deepEqual(await found(secretInGit, { rendered: secret({ password: "x" }, [source]) }), []);
  });
});

describe("kubernetes-schema", () => {
  const made = (application: string, clusters: string[], object: object): RenderedTree["rendered"][number] => {
    const { apiVersion, kind, metadata } = object as { apiVersion: string; kind: string; metadata: { name: string } };
    const id = `${clusters.join()} ${JSON.stringify(object)}`;
    const manifest = { apiVersion, kind, name: metadata.name, id, object: { ...object, apiVersion, kind, metadata } };
    return {
      application,
      clusters,
      expanded: expanded(application, "charts"),
      ...nothingElse,
      manifests: [manifest],
    };
  };
  const definition = (field: string) => ({
    ...{
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "things.example.com" },
    },
    spec: {
      ...{ group: "example.com", names: { kind: "Thing" } },
      versions: [{ name: "v1", schema: { openAPIV3Schema: { properties: { [field]: { type: "string" } } } } }],
    },
  });
  const thing = { apiVersion: "example.com/v1", kind: "Thing", metadata: { name: "one" }, size: "big" };

  it("holds a custom resource against the definition that another Application of its cluster brings", async () => {
    const rendered = [
      made("crds", ["dev"], definition("size")),
      made("crds", ["staging"], definition("colour")),
      made("things", ["dev", "staging", "prod-eu"], thing),
    ];
    const lines = (await found(kubernetesSchema, { rendered })).filter((line) => line.includes("Thing"));
    assert.deepEqual(lines, [
      "gitops/addons/things/stages/dev/pin.yaml:1: Thing one of things: there is no field size; remove it: the API does not know this field here [kubernetes-schema]",
      "gitops/addons/things/stages/dev/pin.yaml:1: not evaluated: nothing in the tree defines example.com/v1 Thing in prod-eu; its fields were not checked [kubernetes-schema]",
    ]);
  });
});

describe("autoscaled-replicas", () => {
  const object = (apiVersion: string, kind: string, spec: object) => ({
    ...{ apiVersion, kind, name: "web", namespace: "web", id: kind },
    object: { apiVersion, kind, metadata: { name: "web" }, spec },
  });
  const manifests = [
    object("apps/v1", "Deployment", { replicas: 1 }),
    object("autoscaling/v2", "HorizontalPodAutoscaler", {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
    }),
  ];
  const rendered = (
    ignored: object[],
    syncOptions: string[],
    clusters = [["dev"], ["dev"]],
  ): RenderedTree["rendered"] =>
    manifests.map((manifest, index) => {
      const one = expanded(index === 0 ? "web" : "scaling", "components");
      Object.assign(one.application.spec, { ignoreDifferences: ignored, syncPolicy: { syncOptions } });
      const facts = { application: one.name, clusters: clusters[index]!, expanded: one };
      return { ...facts, ...nothingElse, manifests: [manifest] };
    });
  const respect = ["RespectIgnoreDifferences=true"];
  const field = { group: "apps", kind: "Deployment", jsonPointers: ["/spec/replicas"] };
  const cases: [string, RenderedTree["rendered"], number][] = [
    ["finds an autoscaler of another Application", rendered([], []), 1],
    ["counts only the clusters that have both", rendered([], [], [["dev"], ["staging"]]), 0],
    ["lets pass what is ignored when it is compared and when it is synced", rendered([field], respect), 0],
    ["knows that a field which is only not compared is synced all the same", rendered([field], []), 1],
    ["knows that another field is ignored", rendered([{ ...field, jsonPointers: ["/metadata/labels"] }], respect), 1],
    ["knows that another kind is ignored", rendered([{ ...field, kind: "StatefulSet" }], respect), 1],
    ["knows any kind", rendered([{ group: "*", kind: "*", jqPathExpressions: [".spec.replicas"] }], respect), 0],
  ];

  for (const [title, from, findings] of cases) {
    it(title, async () => {
      assert.equal((await found(autoscaledReplicas, { rendered: from })).length, findings);
    });
  }
});
