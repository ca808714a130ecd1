import assert from "node:assert/strict";
import { projectsOf, type Manifest, type RenderedTree } from "../../../../cli/verbs/check/evaluation";

const project = (namespace: string, description: string) =>
  ({ kind: "AppProject", name: "commerce", namespace, object: { spec: { description } } }) as unknown as Manifest;

describe("the projects of a cluster", () => {
  it("are those in the namespace of Argo CD: one of the same name elsewhere takes no place", () => {
    const manifests = [project("argocd", "the team's"), project("orders", "a decoy")];
    const tree = { rendered: [{ clusters: ["dev", "prod"], manifests }] } as unknown as RenderedTree;
    const found = projectsOf(tree);
    assert.deepEqual([...found.keys()], ["dev", "prod"]);
    assert.deepEqual(found.get("prod"), new Map([["commerce", { description: "the team's" }]]));
  });
});
