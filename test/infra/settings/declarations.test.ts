import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { declarationOf, settingNames } from "../../../infra/settings/declarations";
import { pulumiYaml } from "../../../infra/settings/pulumi-yaml";
import { inCheckout } from "../../support/paths";
import { root } from "../../support/root";

interface Declared {
  type?: string;
  items?: { type: string };
  default?: unknown;
  description?: string;
  value?: unknown;
  secret?: boolean;
}

interface Project {
  name: string;
  main?: string;
  config: Record<string, Declared>;
  packages: Record<string, { source: string; version: string; parameters: string[] }>;
}

function yamlFile<T>(name: string): T {
  return parse(readFileSync(inCheckout(name), "utf8")) as T;
}

describe("Pulumi.yaml", () => {
  const project = yamlFile<Project>("Pulumi.yaml");

  it("is what `make docs` writes", () => {
    const text = readFileSync(inCheckout("Pulumi.yaml"), "utf8");
    assert.equal(pulumiYaml(text), text);
  });

  it("gets its settings again and keeps everything else", () => {
    const text = readFileSync(inCheckout("Pulumi.yaml"), "utf8");
    const foreign = "  # kept\n  aws:region:\n    value: eu-west-1 # kept too\n";
    const stale = text
      .replace("  from:\n", `${foreign}  form:\n`)
      .replace(/description: >-\n.*\n.*$/m, "description: wrong")
      .replace("\nconfig:", "\n# before\nconfig:");
    const expected = text
      .replace("  provider:\n", `${foreign}  provider:\n`)
      .replace("\nconfig:", "\n# before\nconfig:");
    assert.notEqual(stale, text);
    assert.equal(pulumiYaml(stale), expected);
  });

  it("declares exactly the settings that the program knows", () => {
    const declared = Object.keys(project.config).filter((key) => !key.includes(":"));
    assert.deepEqual(declared, [...settingNames]);
  });

  for (const name of settingNames) {
    it(`describes ${name} as the program does`, () => {
      const { type, default: standard, description } = declarationOf(name);
      const expected: Declared = { type, description, default: standard };
      if (type === "array") expected.items = { type: "string" };
      assert.deepEqual(project.config[name], expected);
    });

    it(`says what ${name} is when it is not set`, () => {
      assert.match(declarationOf(name).description, /Default|Required/);
    });
  }

  it("gives every setting a default: Pulumi asks for a key that is declared without one", () => {
    for (const name of settingNames) assert.notEqual(project.config[name]?.default, undefined, name);
  });

  it("forbids the providers that would take whatever cluster or account the shell points at", () => {
    assert.deepEqual(project.config["pulumi:disable-default-providers"], { value: ["aws", "kubernetes"] });
  });

  it("names the package that sdks/kind is generated from", () => {
    const { version } = JSON.parse(readFileSync(inCheckout("sdks/kind/package.json"), "utf8")) as {
      version: string;
    };
    const { source, parameters } = project.packages.kind ?? { source: "", parameters: [] };
    assert.equal(source, "terraform-provider");
    assert.deepEqual(parameters, ["tehcyx/kind", version]);
  });

  it("keeps the working directory at the root, and the program where package.json says", () => {
    assert.equal(project.main, undefined);
    const { main } = JSON.parse(readFileSync(inCheckout("package.json"), "utf8")) as { main: string };
    assert.equal(main, "infra/index.ts");
  });
});

describe("the stacks' own files", () => {
  for (const name of readdirSync(root).filter((file) => /^Pulumi\..+\.yaml$/.test(file))) {
    it(`${name} sets only what is declared, and nothing to its default`, () => {
      const { config } = yamlFile<{ config: Record<string, unknown> | null }>(name);
      for (const [key, value] of Object.entries(config ?? {})) {
        const found = settingNames.find((setting) => `onebranch:${setting}` === key);
        assert.ok(found, `${key} is not declared`);
        assert.notDeepEqual(value, declarationOf(found).default, `${key} is the default`);
      }
    });
  }
});
