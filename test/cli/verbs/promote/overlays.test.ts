import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { addRingTree, addTree } from "../../../support/fixtures";
import { noOverlay, overlaid, pinOf, replicas, shop } from "../../support/overlaid";
import { renewRepo, TreeRepo } from "../../support/tree-repo";

const switchOn = (repo: TreeRepo) => {
  const values = "gitops/bootstrap/values.yaml";
  repo.put({ [values]: `${repo.read(values).replace(/^kustomize: .*\n/m, "")}\nkustomize: true\n` });
};

describe("onebranch promote of what Kustomize builds", () => {
  const repo = renewRepo(
    new TreeRepo((root) => {
      addTree(root);
    }),
  );
  const given = (files: Record<string, string>) => {
    switchOn(repo);
    repo.put({ ...overlaid("dev", "staging"), ...files });
    repo.commit("an app of manifests");
  };

  it("takes the version of the base and the image along, and leaves the overlay of the stage as it is", async () => {
    given({
      [`${shop}/stages/dev/pin.yaml`]: pinOf("1.1.0", "2.0.0"),
      [`${shop}/stages/dev/overlay/kustomization.yaml`]: replicas(5),
      [`${shop}/stages/staging/overlay/kustomization.yaml`]: replicas(2),
    });
    const { code, out } = await repo.run("promote", "shop", "--to", "staging", "--offline");
    assert.equal(code, 0, out);
    assert.deepEqual(repo.changes(), [` M ${shop}/stages/staging/pin.yaml`]);
    assert.equal(repo.read(`${shop}/stages/staging/pin.yaml`), pinOf("1.1.0", "2.0.0"));
    assert.match(out, /\n {2}version: 1\.0\.0 -> 1\.1\.0\n/);
    assert.match(out, /registry\.example\.com\/shop:1\.0\.0 -> (registry\.example\.com\/shop:)?2\.0\.0/);
    assert.doesNotMatch(out, /replicas/);
  });

  it("writes an overlay that changes nothing where the stage has none", async () => {
    given({});
    const { code, out } = await repo.run("promote", "shop", "--to", "prod", "--offline");
    assert.equal(code, 0, out);
    assert.equal(repo.read(`${shop}/stages/prod/overlay/kustomization.yaml`), noOverlay("prod"));
    const { out: rendered } = await repo.run("render", "prod", "shop", "--offline");
    assert.match(rendered, /image: registry\.example\.com\/shop:1\.0\.0\n/);
  });
});

/** prod has the rings canary (prod-us), early (prod-eu) and rest, which has no cluster. */
describe("onebranch promote of an overlay through rings", () => {
  const repo = renewRepo(new TreeRepo(addRingTree));
  const prod = `${shop}/stages/prod`;
  const ring = (name: string) => `${prod}/rings/${name}/overlay`;
  const step = async () => {
    const { code, out } = await repo.run("promote", "shop", "--to", "prod", "--offline");
    assert.equal(code, 0, out);
    return out;
  };
  const rendered = async () => (await repo.run("render", "prod-us", "shop", "--offline")).out;

  it("copies it from ring to ring, and makes it the stage's with the last step", async () => {
    switchOn(repo);
    repo.put({ ...overlaid("dev", "staging", "prod"), [`${prod}/overlay/old.yaml`]: "{}\n" });
    repo.commit("an app of manifests");
    repo.put({ [`${ring("canary")}/kustomization.yaml`]: replicas(4), [`${ring("canary")}/README.md`]: "Why.\n" });
    assert.match(await rendered(), /replicas: 4\n/);
    repo.commit("four of them in canary");

    const out = await step();
    assert.match(out, /~ shop {2}prod-eu\n/);
    assert.deepEqual(repo.changes(), [`?? ${ring("early")}/README.md`, `?? ${ring("early")}/kustomization.yaml`]);
    assert.equal(repo.read(`${ring("early")}/kustomization.yaml`), replicas(4));
    assert.equal(repo.read(`${ring("early")}/README.md`), "Why.\n");
    repo.commit("early");

    const before = await rendered();
    await step();
    assert.equal(repo.read(`${prod}/overlay/kustomization.yaml`), replicas(4));
    for (const gone of [`${prod}/overlay/old.yaml`, `${prod}/rings`])
      assert.ok(!existsSync(join(repo.root, gone)), gone);
    assert.equal(await rendered(), before);
  });

  it("leaves what is newer in a ring, and refuses an overlay of the last ring", async () => {
    switchOn(repo);
    const early = { [`${ring("early")}/kustomization.yaml`]: replicas(3) };
    repo.put({
      ...overlaid("dev", "staging", "prod"),
      [`${ring("canary")}/kustomization.yaml`]: replicas(4),
      ...early,
    });
    repo.commit("two on their way");
    await step();
    assert.equal(repo.read(`${prod}/overlay/kustomization.yaml`), replicas(3));
    assert.equal(repo.read(`${ring("canary")}/kustomization.yaml`), replicas(4));
    repo.put({ [`${ring("rest")}/kustomization.yaml`]: replicas(9) });
    const { code, err } = await repo.run("promote", "shop", "--to", "prod", "--offline");
    assert.equal(code, 1);
    assert.match(err, /rest is the last ring of prod and has files of its own; .*rings\/rest\/overlay/);
  });
});
