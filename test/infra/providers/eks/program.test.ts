import assert from "node:assert/strict";
import { makeStack } from "../../../../infra/program";
import { record, type Recorded, type Registered } from "../../support/record";
import { settingsWith } from "../../support/source";

const admin = "arn:aws:iam::111122223333:role/deployer";

/** What AWS answers, as far as the program looks at it. */
function answers(token: string, inputs: Record<string, unknown>): Record<string, unknown> {
  if (token.endsWith("getCallerIdentity")) return { arn: "arn:aws:sts::111122223333:assumed-role/deployer/ci" };
  if (token.endsWith("getSessionContext")) return { issuerArn: admin };
  if (token.endsWith("getAvailabilityZones")) return { names: ["a", "b", "c"].map((zone) => `eu-west-1${zone}`) };
  if (token.endsWith("getAddonVersion")) {
    assert.equal(inputs.mostRecent, undefined);
    return { version: `${String(inputs.addonName)} for ${String(inputs.kubernetesVersion)}` };
  }
  throw new Error(`the program must not call ${token}`);
}

function outputsOf(type: string): Record<string, unknown> {
  if (type === "random:index/randomPassword:RandomPassword") return { result: "generated" };
  if (type !== "aws:eks/cluster:Cluster") return {};
  return { endpoint: "https://prod.gr7.example", certificateAuthority: { data: "Q0E=" } };
}

function run(stack: string, config: Readonly<Record<string, string>> = {}, preview = false): Promise<Recorded> {
  const all = { provider: "eks", awsAccount: "111122223333", eksAdmins: admin, ...config };
  const settings = settingsWith({ stack, config: all });
  return record(stack, preview, outputsOf, () => ({ ...makeStack(settings) }), answers);
}

const from = (resources: readonly Registered[], start: string) =>
  resources.filter(({ type }) => type.startsWith(start));

describe("the program for a cluster on AWS", () => {
  let made: Recorded;
  before(async () => (made = await run("staging")));
  const find = (name: string, type = "") =>
    made.resources.find((each) => each.name === name && each.type.includes(type)) ?? assert.fail(`no ${name}`);

  it("names the account in the one provider that everything of AWS comes through", () => {
    const { inputs } = find("aws", "pulumi:providers:aws");
    assert.equal(inputs.allowedAccountIds, '["111122223333"]');
    assert.equal(inputs.region, "eu-west-1");
    assert.deepEqual(JSON.parse(String(inputs.defaultTags)), {
      tags: { "onebranch:stack": "staging", "onebranch:cluster": "staging", "onebranch:stage": "staging" },
    });
    assert.equal("assumeRoles" in inputs, false);
    const all = from(made.resources, "aws:");
    assert.ok(all.length > 40, String(all.length));
    assert.deepEqual([...new Set(all.map(({ provider }) => provider))], ["aws"]);
  });

  it("forgets nothing of AWS together with the cluster, and everything that is inside it", () => {
    assert.deepEqual([...new Set(from(made.resources, "aws:").map(({ deletedWith }) => deletedWith))], [""]);
    assert.deepEqual(
      [...new Set(from(made.resources, "kubernetes:").map(({ deletedWith }) => deletedWith))],
      ["cluster"],
    );
  });

  it("puts nothing into the cluster before the login is let in, and empties it before it is out", () => {
    const { dependsOn } = find("access", "EksAccess");
    for (const name of ["admin-role-deployer", "external-secrets"]) assert.ok(dependsOn.includes(name), name);
    for (const { name, dependsOn: waits } of from(made.resources, "kubernetes:")) {
      for (const each of ["cluster", "access", "admin-role-deployer"])
        assert.ok(waits.includes(each), `${name}: ${each}`);
    }
    const drain = find("drain", "Drain");
    assert.equal(drain.deletedWith, "");
    assert.equal(drain.inputs.whole, true);
    for (const each of ["root", "argocd", "access"]) assert.ok(drain.dependsOn.includes(each), each);
  });

  it("gives a kubeconfig that logs in by command and holds no secret", () => {
    assert.deepEqual(made.secretOutputs, ["kubeconfig"]);
    const { users, clusters } = JSON.parse(String(made.outputs.kubeconfig)) as {
      users: { user: Record<string, { command: string; args: string[] }> }[];
      clusters: { cluster: object }[];
    };
    assert.deepEqual(Object.keys(users[0]!.user), ["exec"]);
    const { command, args } = users[0]!.user.exec!;
    assert.deepEqual(
      [command, ...args.slice(0, 6)],
      [...["aws", "eks", "get-token", "--cluster-name", "onebranch-staging", "--region", "eu-west-1"]],
    );
    assert.deepEqual(clusters[0]!.cluster, {
      server: "https://prod.gr7.example",
      "certificate-authority-data": "Q0E=",
    });
  });

  it("marks each thing with the resource that it is", () => {
    const tagged = from(made.resources, "aws:").flatMap(({ name, type, inputs }) =>
      inputs.tags === undefined ? [] : [{ key: `${type} ${name}`, tags: inputs.tags as Record<string, string> }],
    );
    for (const { key, tags } of tagged) assert.equal(tags["onebranch:resource"], key.split(" ")[1], key);
    assert.deepEqual([...new Set(tagged.map(({ key }) => key))].length, tagged.length);
  });

  it("marks the instances of a node group and their volumes as the stack's, like all the rest", async () => {
    const { resources } = await run("staging", { eksCompute: "node-group" });
    const [template] = from(resources, "aws:ec2/launchTemplate");
    const tags = {
      "onebranch:stack": "staging",
      "onebranch:cluster": "staging",
      "onebranch:stage": "staging",
      Name: "onebranch-staging-nodes",
      "onebranch:resource": "nodes",
    };
    const all = ["instance", "volume"].map((resourceType) => ({ resourceType, tags }));
    assert.deepEqual(template?.inputs.tagSpecifications, all);
  });

  it("takes on the role that is set, in Pulumi and in the kubeconfig", async () => {
    const { resources, outputs } = await run("staging", { eksAssumeRole: admin });
    const provider = resources.find(({ type }) => type === "pulumi:providers:aws");
    assert.equal(provider?.inputs.assumeRoles, JSON.stringify([{ roleArn: admin }]));
    assert.match(String(outputs.kubeconfig), /"--role-arn","arn:aws:iam::111122223333:role\/deployer"/);
  });

  it("makes one way out where a single one is asked for", async () => {
    const { resources } = await run("staging", { eksNat: "single" });
    assert.deepEqual(
      from(resources, "aws:ec2/natGateway").map(({ name }) => name),
      ["nat-0"],
    );
    assert.equal(from(resources, "aws:ec2/route:").length, 4);
  });

  for (const preview of [false, true]) {
    const when = preview ? "in a preview" : "in an update";
    it(`keeps nodes and add-ons of EKS at the Kubernetes of their control plane, ${when}`, async () => {
      const { resources } = await run("staging", { eksCompute: "node-group" }, preview);
      assert.equal(from(resources, "aws:eks/nodeGroup")[0]?.inputs.version, "1.36");
      const addons = from(resources, "aws:eks/addon").map(({ inputs }) => inputs);
      assert.equal(addons.length, 5);
      for (const { addonName, addonVersion } of addons) assert.equal(addonVersion, `${String(addonName)} for 1.36`);
    });
  }

  it("gives external-dns a login where it has zones", async () => {
    const { resources } = await run("staging", { eksHostedZones: "Z1" });
    const names = from(resources, "aws:eks/podIdentityAssociation").map(({ name }) => name);
    assert.deepEqual(names.sort(), ["external-dns", "external-secrets"]);
  });
});
