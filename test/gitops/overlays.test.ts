import assert from "node:assert/strict";
import { overlayNames } from "../../model/overlays";
import { pinFault } from "../../model/pin";
import { noOverlay, overlaid, pinOf, replicas, shop } from "../cli/support/overlaid";
import { keepTree } from "./kept-tree";

describe("the ApplicationSet of what Kustomize builds", () => {
  const kept = keepTree();
  const values = "gitops/bootstrap/values.yaml";
  const pin = (stage: string) => `${shop}/stages/${stage}/pin.yaml`;

  /** What the controller would make in a cluster: the sets' errors, and the Application of the app with its fault. */
  async function made(cluster: string) {
    const { applications, sets } = await kept.renderer.expand(await kept.renderer.tree(), { clusters: [cluster] });
    const { application, invalid, set, required } = applications.find(({ name }) => name === "shop") ?? {};
    const errors = sets.flatMap(({ name, error }) => (error === undefined ? [] : [`${name}: ${error}`]));
    return { application: application!, invalid, set, required, errors, sets: sets.map(({ name }) => name) };
  }

  const given = (files: Record<string, string> = {}) => {
    const text = kept.repo.read(values).replace(/^kustomize: .*\n/m, "");
    kept.repo.put({ [values]: `${text}\nkustomize: true\n`, ...overlaid("dev", "prod"), ...files });
  };

  // prod keeps its Applications and so has a source more; dev has one source alone.
  for (const cluster of ["dev", "prod"]) {
    it(`names the base and the overlays that ${cluster} has, and the image of the pin`, async () => {
      const region = { dev: "us-east-1", prod: "eu-west-1" }[cluster]!;
      given();
      const sourceOf = async () => {
        const { application, invalid, set, errors } = await made(cluster);
        assert.deepEqual([errors, invalid, set], [[], undefined, "overlays"]);
        return (application.spec.sources ?? [application.spec.source!])[0]!;
      };
      const { path, kustomize, helm } = await sourceOf();
      const [stageOverlay, regionOverlay] = overlayNames({ stage: cluster, region });
      const images = ["registry.example.com/shop:1.0.0"];
      assert.deepEqual([path, kustomize, helm], [`${shop}/base/1.0.0`, { components: [stageOverlay], images }, undefined]);
      given({ [`${shop}/regions/${region}/overlay/kustomization.yaml`]: replicas(2) });
      assert.deepEqual((await sourceOf()).kustomize, { components: [stageOverlay, regionOverlay], images });
    });
  }

  it("takes an overlay of the ring instead of the stage's, and leaves another ring's alone", async () => {
    const stage = "gitops/stages/prod.yaml";
    kept.repo.put({ [stage]: `${kept.repo.read(stage)}rings: [canary, rest]\n` });
    const cluster = "gitops/clusters/prod/cluster.yaml";
    kept.repo.put({ [cluster]: `${kept.repo.read(cluster)}ring: canary\n` });
    for (const [ring, expected] of [
      ["rest", "../../stages/prod/overlay"],
      ["canary", "../../stages/prod/rings/canary/overlay"],
    ] as const) {
      given({ [`${shop}/stages/prod/rings/${ring}/overlay/kustomization.yaml`]: noOverlay("prod") });
      const { application, invalid } = await made("prod");
      assert.equal(invalid, undefined);
      assert.deepEqual((application.spec.sources![0]!.kustomize as { components: string[] }).components, [expected]);
    }
  });

  it("fails without the files that must be there where Applications are kept, which have no values.yaml", async () => {
    given();
    const { required } = await made("prod");
    assert.deepEqual(
      required!.map(({ path, exists }) => [path.split("/").at(-1), exists]),
      ["pin.yaml", "cluster.yaml", "prod.yaml", "eu-west-1.yaml"].map((name) => [name, true]),
    );
  });

  it("has no image where the pin has none, and its ignored differences", async () => {
    const text = pinOf("1.0.0", "1").replace(/image:[^]*/, "") + "ignoreDifferences: [{ kind: Service, jsonPointers: [/spec/a] }]\n";
    given({ [pin("dev")]: text });
    const { application, invalid } = await made("dev");
    assert.equal(invalid, undefined);
    assert.deepEqual(application.spec.source!.kustomize, { components: ["../../stages/dev/overlay"] });
    assert.deepEqual(application.spec.ignoreDifferences, [{ group: "", kind: "Service", jsonPointers: ["/spec/a"] }].map(({ group: _, ...one }) => one));
    assert.ok(application.spec.syncPolicy!.syncOptions!.includes("RespectIgnoreDifferences=true"));
  });

  it("is not there unless bootstrap's values ask for it", async () => {
    assert.deepEqual((await made("dev")).sets.sort(), ["charts", "components", "root"]);
    given();
    assert.deepEqual((await made("dev")).sets.sort(), ["charts", "components", "overlays", "root"]);
  });

  const faults: [string, string, string][] = [
    ["kustomize: false", "kustomize: false", "kustomize is not true"],
    ["another word", "kustomize: base", "kustomize is not true"],
    ["facts", "kustomize: true\nfacts: { a: name }", "facts are for charts, and this has none"],
  ];
  for (const [title, text, fault] of faults) {
    it(`stops one component alone with ${title}`, async () => {
      given({ [pin("dev")]: pinOf("1.0.0", "1").replace("kustomize: true", text) });
      const { invalid, errors } = await made("dev");
      assert.deepEqual([errors, pinFault(invalid ?? "")], [[], { files: pin("dev"), fault }]);
    });
  }

  for (const [title, image, fault] of [
    ["another image in the tag", '{ repository: a, tag: "1=evil/b:2" }', 'image is "a:1=evil/b:2"'],
    ["an option", "{ repository: --help, tag: a }", 'image is "--help:a"'],
    ["no tag", "{ repository: a }", 'image is "a:"'],
    ["a list", "[a]", "image is not a mapping"],
    ["a quote", `{ repository: a, tag: "'}}x" }`, `image is "a:'}}x"`],
  ] as const) {
    it(`stops one component alone with ${title} as its image`, async () => {
      given({ [pin("dev")]: pinOf("1.0.0", "1").replace(/image:[^]*/, `image: ${image}\n`) });
      const { invalid, errors } = await made("dev");
      assert.deepEqual([errors, pinFault(invalid ?? "")], [[], { files: pin("dev"), fault }]);
    });
  }

  it("keeps a version that climbs out of the base to the admission policy", async () => {
    given({ [pin("dev")]: pinOf("../../orders/base/1", "1") });
    assert.match((await made("dev")).invalid!, /^admission refuses it: the path of a source is/);
  });
});
