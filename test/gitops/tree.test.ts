import assert from "node:assert/strict";
import { parse } from "yaml";
import { parseExceptions, type Exception } from "../../model/exception";
import { formatFinding } from "../../model/findings";
import { parseClusterPin, parsePin } from "../../model/pin";
import { readTree } from "../../model/tree";
import { bootstrapValues, names, pins, pinsOf, read, readYaml, tree } from "./files";
import { root } from "./helm";

describe("the tree in gitops/", () => {
  it("has no findings", () => {
    assert.deepEqual(readTree(root).findings.map(formatFinding), []);
  });

  it("has the clusters dev, staging and prod, one for each stage", () => {
    const facts = [...tree.clusters.values()].map(({ name, stage, region, provider }) => [
      name,
      stage,
      region,
      provider,
    ]);
    assert.deepEqual(facts, [
      ["dev", "dev", "us-east-1", "kind"],
      ["prod", "prod", "eu-west-1", "eks"],
      ["staging", "staging", "eu-west-1", "kind"],
    ]);
  });

  it("has pins without a fault, for stages that exist", () => {
    assert.ok(pins().length >= 10);
    for (const { path, stage } of pins()) {
      assert.deepEqual(parsePin(path, read(path)).findings.map(formatFinding), []);
      assert.ok(tree.stages.has(stage), path);
    }
  });

  it("protects production from an empty generator", () => {
    const { applicationsSync, preserveResourcesOnDeletion } = tree.stages.get("prod")!;
    assert.deepEqual(
      { applicationsSync, preserveResourcesOnDeletion },
      {
        applicationsSync: "create-update",
        preserveResourcesOnDeletion: true,
      },
    );
  });

  it("pins our own charts to a version that lies in gitops/charts", () => {
    for (const { pin, path } of pins().filter(({ pin }) => !pin.repo)) {
      const chart = readYaml<{ name: string; version: string }>(`gitops/charts/${pin.chart}/${pin.version}/Chart.yaml`);
      assert.deepEqual([chart.name, chart.version], [pin.chart, pin.version], path);
    }
  });

  it("lists every chart repository that a pin names", () => {
    const repositories = new Set(pins().flatMap(({ pin }) => pin.repo ?? []));
    assert.deepEqual([...repositories].sort(), [...bootstrapValues.platform.chartRepositories].sort());
  });

  it("asks for nodes wherever the chart is somebody else's", () => {
    for (const { pin, path } of pins().filter(({ pin }) => pin.repo)) assert.equal(pin.requires, "nodes", path);
  });

  it("deploys into namespaces of the component's own project", () => {
    for (const { group, pin, path } of pins()) {
      const project = group === "apps" ? bootstrapValues.teams[pin.team!] : bootstrapValues.platform;
      assert.ok(project?.namespaces.includes(pin.namespace), `${path}: ${pin.namespace}`);
    }
  });

  it("gives limits and quotas to exactly the teams' namespaces", () => {
    const { namespaces } = readYaml<{ namespaces: string[] }>("gitops/addons/guardrails/values.yaml");
    const teams = Object.values(bootstrapValues.teams).flatMap((team) => team.namespaces);
    assert.deepEqual([...namespaces].sort(), teams.sort());
  });

  it("gives an embedded cluster the charts of this repository only", () => {
    for (const identity of tree.clusters.values()) {
      const embedded = pinsOf(identity, "embedded").map(({ pin }) => pin.component);
      assert.deepEqual(embedded, ["guardrails", "guestbook", "orders"], identity.name);
      assert.ok(pinsOf(identity, identity.provider).some(({ pin }) => pin.component === "cert-manager"));
    }
  });

  it("pins the apps differently from stage to stage", () => {
    const versions = (component: string) =>
      Object.fromEntries(
        pins()
          .filter(({ pin }) => pin.component === component)
          .map(({ stage, pin }) => [stage, `${pin.version} ${pin.image?.tag}`]),
      );
    assert.deepEqual(versions("guestbook"), { dev: "1.1.0 6.9.2", staging: "1.1.0 6.9.1", prod: "1.0.0 6.9.1" });
    assert.deepEqual(versions("orders"), { dev: "1.1.0 6.9.2", staging: "1.1.0 6.9.2", prod: "1.1.0 6.9.0" });
  });
});

describe("exceptions in gitops/", () => {
  for (const cluster of tree.clusters.keys()) {
    const directory = `gitops/clusters/${cluster}`;

    it(`${cluster}: every file of the cluster alone is excused, and every excuse used`, () => {
      const exceptions = names(directory).includes("exceptions.yaml") ? readExceptions(directory) : [];
      const wanted = [
        ...names(`${directory}/values`).map((file) => {
          const keys = leaves(readYaml(`${directory}/values/${file}`));
          return `${file.replace(".yaml", "")}: ${keys.sort().join(" ")}`;
        }),
        ...names(`${directory}/pins`).map((file) => `${file.replace(".yaml", "")}: pin`),
      ];
      const excused = exceptions.map(({ component, keys }) => `${component}: ${keys?.sort().join(" ") ?? "pin"}`);
      assert.deepEqual(excused.sort(), wanted.sort());
    });

    it(`${cluster}: its own pins have no fault`, () => {
      for (const file of names(`${directory}/pins`)) {
        const path = `${directory}/pins/${file}`;
        assert.deepEqual(parseClusterPin(path, read(path)).findings.map(formatFinding), []);
      }
    });
  }

  it("exist: the tree shows one", () => {
    assert.ok(readExceptions("gitops/clusters/prod").length > 0);
  });
});

function readExceptions(directory: string): Exception[] {
  const path = `${directory}/exceptions.yaml`;
  const { value, findings } = parseExceptions(path, read(path));
  assert.deepEqual(findings.map(formatFinding), []);
  return value!;
}

/** Dotted paths of the values in a mapping. */
function leaves(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [path];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === "" ? key : `${path}.${key}`));
}

describe("text of the bootstrap chart", () => {
  for (const file of names("gitops/bootstrap/templates")) {
    it(`${file} never looks up labels with index, which would turn a missing one into an empty text`, () => {
      assert.doesNotMatch(read(`gitops/bootstrap/templates/${file}`), /index\s+[^|}]*labels/);
    });
  }

  it("has values that parse", () => {
    assert.equal(typeof parse(read("gitops/bootstrap/values.yaml")), "object");
  });
});
