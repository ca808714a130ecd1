import assert from "node:assert/strict";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { eks } from "../../infra/providers/eks";
import { secretPrefix } from "../../infra/providers/eks/names";
import { externalSecrets } from "../../infra/providers/eks/policies";
import { stageSecrets } from "../../model/stage-secrets";
import { TreeRepo, keepRepo } from "../cli/support/tree-repo";
import { account, place, region, role } from "../infra/providers/eks/policies/questions";
import { isAllowed } from "../support/iam/evaluate";
import { docs } from "../support/paths";
import { root } from "../support/root";
import { skip } from "../support/skip";

interface Store {
  kind: string;
  metadata: { name: string };
  spec: { provider: { aws: { service: string; region: string; prefix: string; auth?: object; role?: string } } };
}

interface Rendered {
  components: { component: string; manifests: Store[] }[];
  unrendered: object[];
}

/** The chart, the program that gives external-secrets its role, and the page that says where to put the secret. */
describe("the secrets of a stage on AWS", function () {
  const chart = "gitops/charts/stage-secrets";
  const at = "gitops/addons/stage-secrets";
  const repo = keepRepo(new TreeRepo());
  const clusters = ["staging", "prod"];
  const stores = new Map<string, Store["spec"]["provider"]["aws"]>();

  before(async function () {
    if (!existsSync(join(root, chart, "1.0.0"))) skip(this, `${chart}/1.0.0 is not there`);
    cpSync(join(root, chart), join(repo.root, chart), { recursive: true });
    const pin = { component: stageSecrets, chart: stageSecrets, version: "1.0.0", namespace: "guardrails", requires: "base" };
    repo.put({ [`${at}/values.yaml`]: "provider: kubernetes\n" });
    for (const stage of clusters) {
      repo.put({
        [`${at}/stages/${stage}/pin.yaml`]: stringify(pin),
        [`${at}/stages/${stage}/values.yaml`]: stringify({ provider: "aws", aws: { prefix: secretPrefix(stage), region } }),
      });
      const { out, err } = await repo.run("render", stage, stageSecrets, "--offline", "--json");
      const { components, unrendered } = JSON.parse(out) as Rendered;
      assert.deepEqual([err, unrendered], ["", []]);
      const [store, ...more] = components.flatMap(({ manifests }) => manifests);
      assert.deepEqual([store?.kind, store?.metadata.name, more], ["ClusterSecretStore", stageSecrets, []]);
      stores.set(stage, store!.spec.provider.aws);
    }
  });

  /** What Secrets Manager calls the secret that applications of a stage ask for. */
  const nameOf = (stage: string) => `${stores.get(stage)!.prefix}${stageSecrets}`;

  it("are looked for under the prefix of the program, in its region, with no other login than that of the pod", () => {
    for (const stage of clusters) {
      assert.deepEqual(stores.get(stage), { service: "SecretsManager", region, prefix: secretPrefix(stage) });
      assert.equal(eks.secretsElsewhere?.(stage), `AWS Secrets Manager, as keys of ${nameOf(stage)}`);
    }
  });

  it("may be read by the role of their own stage alone", () => {
    for (const stage of clusters) {
      const resource = `arn:aws:secretsmanager:${region}:${account}:secret:${nameOf(stage)}-AbCdEf`;
      for (const asking of clusters) {
        const question = { principal: role(asking, "external-secrets"), action: "secretsmanager:GetSecretValue", resource };
        const answer = isAllowed(question, { identity: [externalSecrets(place(asking))] });
        assert.equal(answer, asking === stage, `${asking} asks for ${stage}`);
      }
    }
  });

  it("are made under the name that the store looks for, by the commands of docs/secrets.md", () => {
    const named = [...readFileSync(join(docs, "secrets.md"), "utf8").matchAll(/--(?:name|secret-id) (\S+)/g)];
    assert.deepEqual([...new Set(named.map(([, name]) => name))], [nameOf("prod")]);
  });
});
