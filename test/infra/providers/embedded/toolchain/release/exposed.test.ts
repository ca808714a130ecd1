import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exposedByArgoCd } from "../../../../../../infra/providers/embedded/toolchain/release/exposed";

describe("what a published Argo CD shows of itself", () => {
  let root: string;
  const bin = () => join(root, "links");

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "onebranch-exposed-"));
    for (const directory of ["entry/bin", "links"]) mkdirSync(join(root, directory), { recursive: true });
    writeFileSync(join(root, "entry", "bin", "argocd"), "");
    symlinkSync(join(root, "entry", "bin", "argocd"), join(bin(), "argocd"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("is said with the setting that builds another one", async () => {
    const files = [{ program: "bin/argocd", url: "https://example.com/argocd", sha256: "0" }];
    writeFileSync(join(root, "entry", "release.json"), JSON.stringify({ files }));
    assert.match((await exposedByArgoCd(bin())) ?? "", /metrics on every address.*pprof.*ONEBRANCH_RELEASES=never/);
  });

  it("is not said of one that was built, or of none", async () => {
    assert.equal(await exposedByArgoCd(bin()), undefined);
    rmSync(join(bin(), "argocd"));
    assert.equal(await exposedByArgoCd(bin()), undefined);
  });
});
