import assert from "node:assert/strict";
import { clusterInput } from "../../../cli/tree/roots";
import { makeStack } from "../../../infra/program";
import { record, type Registered } from "../../infra/support/record";
import { settingsWith } from "../../infra/support/source";

/** What Pulumi's program writes into an embedded cluster. */
async function written(): Promise<{ settings: ReturnType<typeof settingsWith>; resources: Registered[] }> {
  const settings = settingsWith({ config: { provider: "embedded" } });
  const outputs = (type: string) =>
    type === "random:index/randomPassword:RandomPassword"
      ? { result: "generated" }
      : { kubeconfig: "{}", server: "s", url: "u" };
  const { resources } = await record("dev", false, outputs, () => ({ ...makeStack(settings) }));
  return { settings, resources };
}

describe("the roots that the renderer starts from", () => {
  it("are those that Pulumi's program writes", async () => {
    const { settings, resources } = await written();
    const { identity, stage, repository, pollSeconds } = settings;
    const follow = { repoURL: repository.url, revision: repository.revision, pollSeconds };
    const input = clusterInput(identity, stage, follow, "embedded");

    const find = (name: string) => resources.find((resource) => resource.name === name)!.inputs;
    const [secret] = input.secrets;
    const metadata = find("in-cluster").metadata as { labels: object; annotations: object };
    assert.deepEqual(secret!.labels, metadata.labels);
    assert.deepEqual(secret!.annotations, metadata.annotations);
    const root = find("root") as { spec: object; metadata: object };
    const commit = '"name":"commit","value":"$ARGOCD_APP_REVISION"';
    assert.ok(JSON.stringify(root.spec).includes(commit));
    const withoutCommit: unknown = JSON.parse(JSON.stringify(root.spec).replace(commit, '"name":"commit","value":""'));
    const [ours] = input.roots as [{ spec: object; metadata: object }];
    assert.deepEqual(ours.spec, withoutCommit);
    assert.deepEqual(ours.metadata, root.metadata);
    const projects = resources
      .filter(({ inputs }) => inputs.kind === "AppProject")
      .map(({ inputs }) => (inputs.metadata as { name: string }).name);
    assert.deepEqual(input.projects, [...projects, "default"]);
  });
});
