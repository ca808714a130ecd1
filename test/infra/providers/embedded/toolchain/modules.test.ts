import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defaultHost } from "../../../../../infra/providers/embedded/toolchain/host";
import { moduleParts, specs, versions } from "../../../../../infra/providers/embedded/toolchain/parts";
import { rendererSources } from "../../../../../machine/renderer";
import { embeddedKubernetes } from "../../../../../infra/versions";

const { modules } = defaultHost();
const goMod = readFileSync(join(modules, "go.mod"), "utf8");
const goSum = readFileSync(join(modules, "go.sum"), "utf8");
const patches = join(modules, "patches");
const pinned = (path: string) => goMod.split(`\t${path} v`)[1]?.split(/\s/)[0];

describe("toolchain: the Go module", () => {
  it("has a package for each part, and those they share", () => {
    const shared = Object.values(specs).flatMap((spec) => spec.shared);
    const folders = readdirSync(modules, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    assert.deepEqual(
      folders.map(({ name }) => name).sort(),
      [...new Set([...moduleParts, ...shared.map((path) => path.split("/")[0]!), "patches", "standin"])].sort(),
    );
  });

  it("pins the versions that the toolchain says it has", () => {
    assert.deepEqual(
      {
        kubernetes: pinned("k8s.io/kubernetes"),
        etcd: pinned("go.etcd.io/etcd/server/v3"),
        kwok: pinned("sigs.k8s.io/kwok"),
        argocd: pinned("github.com/argoproj/argo-cd/v3"),
        pulumi: pinned("github.com/pulumi/pulumi/pkg/v3"),
        helm: pinned("helm.sh/helm/v4"),
        kustomize: pinned("sigs.k8s.io/kustomize/kustomize/v5"),
      },
      versions,
    );
    assert.equal(embeddedKubernetes, versions.kubernetes.split(".").slice(0, 2).join("."));
  });

  it("has one version of each library of Kubernetes", () => {
    const [major, minor, patch] = versions.kubernetes.split(".");
    const found = [...goMod.matchAll(/^\t(k8s\.io\/[a-z-]+) => \1 v(\S+)$/gm)];
    assert.ok(found.length > 20);
    for (const [, library, version] of found) {
      if (library !== "k8s.io/kube-openapi") assert.equal(version, `0.${minor}.${patch}`, library);
    }
    assert.equal(major, "1");
  });

  it("has the versions of the renderer's module and its Go, so that what both need is compiled once", () => {
    const versionsIn = (text: string) => {
      const found = [...text.matchAll(/^\t(\S+) (v\S+)/gm)].map(([, path, version]) => [path!, version!] as const);
      return new Map([
        ...found,
        ...[...text.matchAll(/(\S+) => \S+ (v\S+)$/gm)].map(([, path, v]) => [path!, v!] as const),
      ]);
    };
    const renderer = readFileSync(join(rendererSources, "go.mod"), "utf8");
    const own = versionsIn(goMod);
    const shared = [...versionsIn(renderer)].filter(([path]) => own.has(path));
    assert.ok(shared.length > 80);
    for (const [path, version] of shared) assert.equal(version, own.get(path), path);
    const go = (text: string) => /^toolchain (.*)$/m.exec(text)?.[1];
    assert.equal(go(renderer), go(goMod));
  });

  it("names nothing that lies beside it", () => {
    assert.doesNotMatch(goMod, /=> \.\.?\//);
  });

  const names = readdirSync(patches)
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length));

  it("has no patches that no part asks for, and no files without patches", () => {
    const used = new Set(Object.values(specs).flatMap((spec) => spec.patches));
    assert.deepEqual(names.sort(), [...used].sort());
    const folders = readdirSync(patches).filter((name) => !name.endsWith(".json"));
    assert.deepEqual(
      folders.filter((name) => !names.includes(name)),
      [],
    );
  });

  for (const name of names) {
    it(`has a reason for each change of ${name}, and its version and sum in the module`, () => {
      const { module, changes } = JSON.parse(readFileSync(join(patches, `${name}.json`), "utf8")) as {
        module: string;
        changes: { why: string }[];
      };
      for (const { why } of changes) assert.match(why, /^[A-Za-z].*\w+\.$/);
      const version = pinned(module);
      assert.ok(goSum.includes(`\n${module} v${version} h1:`), `${module} v${version}`);
    });
  }
});
