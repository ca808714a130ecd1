import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { allProviders } from "../../../infra/providers";
import * as registry from "../../../infra/providers/registry";
import { localResources } from "../../../infra/dynamic/local-resources";
import { generalSettings, chartSettings } from "../../../infra/settings/shared";
import { providerNames } from "../../../model/providers";
import { root } from "../../support/root";

describe("the rooms of the providers", () => {
  it("are those of the model, each under its own name", () => {
    assert.deepEqual(Object.keys(registry).sort(), [...providerNames].sort());
    assert.deepEqual(
      allProviders.map(({ name }) => name),
      providerNames,
    );
  });

  it("have settings and local resources that nothing else is called", () => {
    const shared = [...Object.keys(generalSettings), ...Object.keys(chartSettings)];
    const settings = [...shared, ...allProviders.flatMap((provider) => Object.keys(provider.settings))];
    const resources = allProviders.flatMap((provider) => Object.keys(provider.localResources));
    for (const names of [settings, [...resources, "IdentityProof", "ReleaseGuard", "Drain"]]) {
      assert.deepEqual([...new Set(names)], names);
    }
  });

  it("load Pulumi's packages only for the provider that is used", () => {
    const script = `
      const { providerNamed } = require("./infra/providers");
      const loaded = () => Object.keys(require.cache).filter((file) => /@pulumi|sdks.kind/.test(file));
      const rooms = loaded().length;
      providerNamed("embedded").resources();
      const hasKind = () => loaded().some((file) => /sdks.kind/.test(file));
      const hasAws = () => loaded().some((file) => /@pulumi.aws/.test(file));
      const embedded = hasKind();
      providerNamed("kind").resources();
      const kind = hasKind();
      const others = hasAws();
      providerNamed("eks").resources();
      process.stdout.write(JSON.stringify({ rooms, embedded, kind, others, eks: hasAws() }));`;
    const output = execFileSync(process.execPath, ["--require", "tsx/cjs", "--eval", script], {
      cwd: root,
      encoding: "utf8",
    });
    assert.deepEqual(JSON.parse(output), { rooms: 0, embedded: false, kind: true, others: false, eks: true });
  }).timeout(60_000);

  it("load what implements each local resource", () => {
    for (const [name, load] of Object.entries(localResources)) {
      assert.equal(typeof (load().implementation as { create?: unknown }).create, "function", name);
    }
  });

  it("have an implementation of every local resource that the sources make", () => {
    const made = sources("infra").flatMap(({ text }) =>
      [...text.matchAll(/(?:new LocalResource|super)\(\s*"(\w+)"/g)].map((match) => match[1]!),
    );
    assert.deepEqual([...new Set(made)].sort(), Object.keys(localResources).sort());
  });
});

/** Where the name of a provider is another word. */
const otherWords: Readonly<Record<string, string>> = {
  "cli/tree/resource.ts": "the kind of a Kubernetes object",
  "cli/tree/kubernetes/refused-changes.ts": "the kind of a Kubernetes object",
  "cli/tree/changes/precious.ts": "the kind of a Kubernetes object",
  "cli/tree/project.ts": "the kind of a Kubernetes object",
  "cli/verbs/plan/facts.ts": "the kind of a Kubernetes object",
  "infra/cluster/restore.ts": "the kind of a Kubernetes object",
  "model/admission/boundary.ts": "the kind of a Kubernetes object",
  "cli/verbs/check/rules/hidden-drift.ts": "the kind of a Kubernetes object",
  "cli/verbs/check/rules/kustomize-order.ts": "the kind of a kustomization",
  "cli/verbs/check/rules/project-resource.ts": "a resource whose kind the project refuses",
  "cli/verbs/new/show.ts": "what `onebranch new` writes",
};

function sources(...folders: string[]): { file: string; text: string }[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|js|cjs)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => ({ file: relative(root, path), text: readFileSync(path, "utf8") })),
  );
}

describe("the name of a provider", () => {
  it("is written in its room and in the model's table only", () => {
    const literal = new RegExp(`(["'\`])(${providerNames.join("|")})\\1`);
    const files = sources("bin", "cli", "infra", "machine", "model")
      .filter(({ file, text }) => !file.startsWith("infra/providers/") && literal.test(text))
      .map(({ file }) => file);
    assert.deepEqual(files.sort(), Object.keys(otherWords).sort());
  });
});

const room = `import type { Provider } from "../provider";
import type { ProviderSettings } from "../../settings/settings";

interface MoonSettings extends ProviderSettings {
  name: "moon";
  crater: string;
}

export const moon: Provider<MoonSettings> = {
  name: "moon",
  settings: {
    moonCrater: { type: "string", default: "tycho", description: "Crater of the cluster. Default: tycho." },
    moonPhase: { type: "integer", default: 0, least: 1, most: 28, description: "Day, 1 to 28. Default (0): today." },
  },
  usesChart: true,
  pollSeconds: 2551,
  drains: true,
  parts: [],
  localResources: {},
  parse: ({ values }) => ({ name: "moon", crater: values.text("moonCrater") ?? "" }),
  defaultRepository: () => "https://moon.example.org/tree.git",
  resources() {
    throw new Error("no cluster is made here");
  },
  kubeconfig: ({ provider }) => ({ path: "/" + provider.crater }),
};
`;

const script = `import { readFileSync } from "node:fs";
import { parseSettings } from "./infra/config";
import { providerOf } from "./infra/providers";
import { settingsPage } from "./infra/settings/page";
import { pulumiYaml } from "./infra/settings/pulumi-yaml";
import { sourceWith } from "./test/infra/support/source";

const source = sourceWith({ config: { provider: "moon", moonCrater: "kepler" } });
const settings = parseSettings(source);
let refused = "";
try {
  parseSettings(sourceWith({ config: { provider: "kind", moonCrater: "kepler", moonPhase: "29" } }));
} catch (error) {
  refused = String(error.message);
}
const { provider, repository, pollSeconds, identity } = settings;
const kubeconfig = providerOf(settings).kubeconfig(settings);
const project = pulumiYaml(readFileSync("Pulumi.yaml", "utf8"));
const { capabilities } = identity;
process.stdout.write(
  JSON.stringify({ provider, repository, pollSeconds, capabilities, kubeconfig, refused, page: settingsPage(), project }),
);
`;

describe("a provider that is added", function () {
  let directory: string;
  let found: Record<string, unknown>;

  function change(file: string, what: string | RegExp, to: string): void {
    const text = readFileSync(join(directory, file), "utf8");
    const changed = text.replace(what, to);
    assert.notEqual(changed, text, file);
    writeFileSync(join(directory, file), changed);
  }

  before(() => {
    directory = mkdtempSync(join(tmpdir(), "onebranch-provider-"));
    for (const name of ["infra", "machine", "model", "test/infra/support", "package.json", "Pulumi.yaml"]) {
      cpSync(join(root, name), join(directory, name), { recursive: true });
    }
    symlinkSync(join(root, "node_modules"), join(directory, "node_modules"));
    mkdirSync(join(directory, "infra", "providers", "moon"));
    writeFileSync(join(directory, "infra", "providers", "moon", "index.ts"), room);
    change("infra/providers/registry.ts", /$/, 'export { moon } from "./moon";\n');
    change(
      "model/providers.ts",
      "  kind: {",
      '  moon: { summary: "a rocket", capabilities: ["base", "nodes"], isLocal: false },\n  kind: {',
    );
    writeFileSync(join(directory, "moon.ts"), script);
    const output = execFileSync(process.execPath, ["--import", "tsx", "moon.ts"], { cwd: directory, encoding: "utf8" });
    found = JSON.parse(output) as Record<string, unknown>;
  });
  after(() => rmSync(directory, { recursive: true }));

  it("has its settings, defaults and capabilities from its room and the model", () => {
    const { provider, repository, pollSeconds, capabilities, kubeconfig } = found;
    assert.deepEqual(provider, { name: "moon", crater: "kepler" });
    assert.deepEqual(repository, { url: "https://moon.example.org/tree.git", revision: "main", isCheckout: false });
    assert.equal(pollSeconds, 2551);
    assert.deepEqual(capabilities, ["base", "nodes"]);
    assert.deepEqual(kubeconfig, { path: "/kepler" });
  });

  it("has its settings checked, and refused for others", () => {
    assert.equal(
      found.refused,
      'moonPhase is "29"; give a whole number from 1 to 28\n' +
        "moonCrater means nothing for the provider kind, only for moon; remove it: pulumi config rm moonCrater\n" +
        "moonPhase means nothing for the provider kind, only for moon; remove it: pulumi config rm moonPhase",
    );
  });

  it("stands on the page of settings and in Pulumi.yaml", () => {
    const page = String(found.page);
    assert.match(page, /^\| `provider` .* moon \(a rocket\), /m);
    assert.match(page, /^\| `pollSeconds` .* 2551 on moon, /m);
    assert.match(page, /^\| `argocdChart` \| string \| moon, kind, /m);
    assert.match(page, /^\| `moonCrater` \| string \| moon \| Crater of the cluster\. Default: tycho\. \|$/m);
    assert.match(
      String(found.project),
      /\n {2}moonCrater:\n {4}type: string\n {4}description: >-\n {6}Crater of the cluster\. Default: tycho\.\n {4}default: tycho\n/,
    );
  });
});
