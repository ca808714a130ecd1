import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defaultHost } from "../../../../../infra/providers/embedded/toolchain/host";
import { allParts, specs, versions } from "../../../../../infra/providers/embedded/toolchain/parts";

const { modules } = defaultHost();
const goMod = (module: string) => readFileSync(join(modules, module, "go.mod"), "utf8");

describe("toolchain: Go modules", () => {
  it("are one for each part, and those they share", () => {
    const known = new Set([...allParts, ...Object.values(specs).flatMap(({ shared }) => shared)]);
    assert.deepEqual(readdirSync(modules).sort(), [...known].sort());
  });

  it("pin the versions that the toolchain says it has", () => {
    const pinned = (module: string, path: string) => goMod(module).split(`${path} v`)[1]?.split(/\s/)[0];
    assert.deepEqual(
      {
        kubernetes: pinned("cluster", "k8s.io/kubernetes"),
        argocd: pinned("argocd", "github.com/argoproj/argo-cd/v3"),
        pulumi: pinned("pulumi", "github.com/pulumi/pulumi/pkg/v3"),
        helm: pinned("kubernetes", "helm.sh/helm/v3"),
      },
      versions,
    );
  });

  it("name their shared modules by a relative path, and have their sums", () => {
    for (const part of allParts) {
      const relative = [...goMod(part).matchAll(/=> \.\.\/(\S+)/g)].map(([, module]) => module);
      assert.deepEqual(relative, specs[part].shared);
      assert.ok(existsSync(join(modules, part, "go.sum")), `${part} has no go.sum`);
    }
  });
});
