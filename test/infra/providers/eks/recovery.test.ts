import assert from "node:assert/strict";
import { awsCommand, type AskAws } from "../../../../infra/providers/eks/ask-aws";
import { findCutOff } from "../../../../infra/providers/eks/recovery";
import type { Run } from "../../../../machine/run";
import type { StateResource } from "../../../../model/deployment";

const login: StateResource = {
  urn: "urn:aws",
  type: "pulumi:providers:aws",
  inputs: { region: "eu-west-1", assumeRoles: '[{"roleArn":"arn:aws:iam::111122223333:role/deployer"}]' },
};

const pending = (type: string, inputs: Record<string, unknown>): StateResource => {
  return { urn: `urn::${type}`, type, inputs };
};

const vpc = pending("aws:ec2/vpc:Vpc", { tags: { "onebranch:resource": "vpc" } });
const arn = (rest: string) => `arn:aws:ec2:eu-west-1:111122223333:${rest}`;

/** The ids under which a recovery takes things over, with what it asked. */
async function recovered(
  resources: readonly StateResource[],
  answers: Readonly<Record<string, object>> = {},
  known: readonly StateResource[] = [login],
) {
  const asked: string[] = [];
  const ask: AskAws = (...words) => {
    asked.push(words.join(" "));
    return Promise.resolve({ ...(answers[words.slice(0, 2).join(" ")] ?? {}) });
  };
  const killed = { root: "/checkout", stack: "prod", pending: resources, known };
  const found = await findCutOff(killed, (as) => {
    assert.deepEqual(as, { region: "eu-west-1", assumeRole: "arn:aws:iam::111122223333:role/deployer" });
    return ask;
  });
  return { ids: found.map(({ id }) => id), found, asked };
}

const tagged = (...arns: string[]) => ({
  "resourcegroupstaggingapi get-resources": { ResourceTagMappingList: arns.map((one) => ({ ResourceARN: one })) },
});

describe("what a killed run was making on AWS", () => {
  it("is known by its inputs where these say the id, and AWS is asked nothing", async () => {
    const clusterName = "onebranch-prod";
    const principalArn = "arn:aws:iam::111122223333:role/deployer";
    const { ids, found, asked } = await recovered([
      pending("aws:eks/cluster:Cluster", { name: clusterName }),
      pending("aws:iam/role:Role", { name: "r" }),
      pending("aws:iam/rolePolicy:RolePolicy", { role: "r", name: "p" }),
      pending("aws:iam/rolePolicyAttachment:RolePolicyAttachment", { role: "r", policyArn: "arn:p" }),
      pending("aws:cloudwatch/logGroup:LogGroup", { name: "/aws/eks/onebranch-prod/cluster" }),
      pending("aws:eks/addon:Addon", { clusterName, addonName: "coredns" }),
      pending("aws:eks/accessEntry:AccessEntry", { clusterName, principalArn }),
      pending("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", { clusterName, principalArn, policyArn: "a" }),
      pending("aws:ec2/route:Route", { routeTableId: "rtb-0", destinationCidrBlock: "0.0.0.0/0" }),
    ]);
    assert.deepEqual(ids, [
      clusterName,
      ...["r", "r:p", "r/arn:p", "/aws/eks/onebranch-prod/cluster", "onebranch-prod:coredns"],
      `onebranch-prod:${principalArn}`,
      `onebranch-prod#${principalArn}#a`,
      "r-rtb-01080289494",
    ]);
    assert.deepEqual(found[0]?.outputs, { name: clusterName });
    assert.deepEqual(asked, []);
  });

  it("is found by its tags and its kind where AWS chose the id", async () => {
    const { ids, asked } = await recovered([vpc], tagged(arn("subnet/subnet-0"), arn("vpc/vpc-0")));
    assert.deepEqual(ids, ["vpc-0"]);
    assert.deepEqual(asked, [
      "resourcegroupstaggingapi get-resources --tag-filters Key=onebranch:stack,Values=prod Key=onebranch:resource,Values=vpc",
    ]);
  });

  it("is called as Pulumi calls it: a node group by its cluster and its name", async () => {
    const nodes = pending("aws:eks/nodeGroup:NodeGroup", { tags: { "onebranch:resource": "nodes" } });
    const one = "arn:aws:eks:eu-west-1:111122223333:nodegroup/onebranch-prod/default-1/0-uuid";
    assert.deepEqual((await recovered([nodes], tagged(arn("launch-template/lt-0"), one))).ids, [
      "onebranch-prod:default-1",
    ]);
  });

  describe("in the place of another thing", () => {
    const nodes = pending("aws:eks/nodeGroup:NodeGroup", { tags: { "onebranch:resource": "nodes" } });
    const group = (name: string) => `arn:aws:eks:eu-west-1:111122223333:nodegroup/onebranch-prod/${name}/0-uuid`;
    const old = { ...nodes, id: "onebranch-prod:default-1" };
    const both = tagged(group("default-1"), group("default-2"));
    const at = (status: string) =>
      recovered([nodes], { ...both, "eks describe-nodegroup": { nodegroup: { status } } }, [login, old]);

    it("is the one that the state does not have", async () => {
      const { found, asked } = await at("ACTIVE");
      assert.deepEqual(found, [{ ...nodes, id: "onebranch-prod:default-2", outputs: nodes.inputs }]);
      assert.equal(asked.at(-1), "eks describe-nodegroup --cluster-name onebranch-prod --nodegroup-name default-2");
    });

    it("is only there to be deleted where its nodes never came up: the cluster has no others than the old ones", async () => {
      assert.deepEqual(
        (await at("CREATE_FAILED")).found.map(({ id, delete: goes }) => [id, goes]),
        [["onebranch-prod:default-2", true]],
      );
    });

    it("is waited for by the user while AWS is making it", async () => {
      await assert.rejects(at("CREATING"), {
        name: "UserError",
        message:
          /still making the node group default-2, .* aws eks wait nodegroup-active --cluster-name onebranch-prod /,
      });
    });

    it("has its id where the name is the same and the old one was deleted first", async () => {
      const role = pending("aws:iam/role:Role", { name: "r" });
      const before = { ...role, id: "r" };
      assert.deepEqual((await recovered([role], {}, [login, { ...before, pendingReplacement: true }])).ids, ["r"]);
      assert.deepEqual((await recovered([role], {}, [login, before])).ids, []);
    });
  });

  it("is found by its subnet where it has no tags", async () => {
    const association = pending("aws:ec2/routeTableAssociation:RouteTableAssociation", { subnetId: "subnet-0" });
    const Associations = [
      { SubnetId: "subnet-1", RouteTableAssociationId: "rtbassoc-1" },
      { SubnetId: "subnet-0", RouteTableAssociationId: "rtbassoc-0" },
    ];
    const answers = { "ec2 describe-route-tables": { RouteTables: [{ Associations }] } };
    assert.deepEqual((await recovered([association], answers)).ids, ["rtbassoc-0"]);
    assert.deepEqual((await recovered([association])).ids, []);
  });

  it("is no key that was deleted before", async () => {
    const key = pending("aws:kms/key:Key", { tags: { "onebranch:resource": "secrets" } });
    const one = "arn:aws:kms:eu-west-1:111122223333:key/0-uuid";
    const state = (KeyState: string) => ({ ...tagged(one), "kms describe-key": { KeyMetadata: { KeyState } } });
    assert.deepEqual((await recovered([key], state("PendingDeletion"))).ids, []);
    assert.deepEqual((await recovered([key], state("Enabled"))).ids, ["0-uuid"]);
  });

  it("is asked of the user where there are several", async () => {
    await assert.rejects(recovered([vpc], tagged(arn("vpc/vpc-0"), arn("vpc/vpc-1"))), {
      name: "UserError",
      message: /several things of that name and kind: vpc-0, vpc-1; delete those that nothing uses, and run/,
    });
  });

  it("is nothing where AWS made nothing, where the state has it, and where it is not of AWS", async () => {
    assert.deepEqual((await recovered([vpc])).ids, []);
    assert.deepEqual((await recovered([vpc], tagged(arn("vpc/vpc-0")), [login, { ...vpc, id: "vpc-0" }])).ids, []);
    assert.deepEqual((await recovered([pending("random:index:RandomId", { name: "x" })])).ids, []);
    assert.deepEqual((await recovered([vpc], {}, [])).ids, []);
  });
});

describe("the command aws", () => {
  const role = "arn:aws:iam::111122223333:role/deployer";

  it("asks with the role that Pulumi takes on", async () => {
    const seen: string[] = [];
    const run: Run = (command, args, { env }) => {
      seen.push(`${env?.AWS_ACCESS_KEY_ID === "K" ? "as the role: " : ""}${command} ${args.join(" ")}`);
      const given = { AccessKeyId: "K", SecretAccessKey: "S", SessionToken: "T" };
      return Promise.resolve({ code: 0, stdout: JSON.stringify({ Credentials: given, Answer: 1 }), stderr: "" });
    };
    const ask = awsCommand({ region: "eu-west-1", assumeRole: role }, run);
    assert.equal((await ask("ec2", "describe-vpcs")).Answer, 1);
    await ask("ec2", "describe-subnets");
    const rest = "--region eu-west-1 --output json";
    assert.deepEqual(seen, [
      `aws sts assume-role --role-arn ${role} --role-session-name onebranch ${rest}`,
      `as the role: aws ec2 describe-vpcs ${rest}`,
      `as the role: aws ec2 describe-subnets ${rest}`,
    ]);
  });

  it("says what keeps it from an answer", async () => {
    const failing: Run = () => Promise.resolve({ code: 254, stdout: "", stderr: "AccessDenied\n" });
    const missing: Run = () => Promise.resolve({ code: null, stdout: "", stderr: "", missing: true });
    const ask = (run: Run) => awsCommand({ region: "eu-west-1" }, run)("ec2", "describe-vpcs");
    await assert.rejects(ask(failing), { message: /`aws ec2 describe-vpcs` fails: AccessDenied; mend that and run/ });
    await assert.rejects(ask(missing), { message: /fails: `aws` is not installed; / });
  });
});
