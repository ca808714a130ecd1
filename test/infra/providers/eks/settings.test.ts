import assert from "node:assert/strict";
import type { EksSettings } from "../../../../infra/providers/eks/settings";
import { longestStack, roleName, rolePurposes } from "../../../../infra/providers/eks/names";
import { warningsOf } from "../../../../infra/warnings";
import { refusal, type Change } from "../../support/refusal";
import { identity, settingsWith, tree } from "../../support/source";

const admin = "arn:aws:iam::111122223333:role/ops/deployer";

function eks(config: Readonly<Record<string, string | readonly string[]>> = {}, rest: Change = {}): Change {
  const texts = Object.entries({ awsAccount: "111122223333", eksAdmins: [admin], ...config }).map(([name, value]) => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return { stack: "prod", config: Object.fromEntries(texts) as Record<string, string>, ...rest };
}

describe("settings of a cluster on AWS", () => {
  const provider = (change: Change) => settingsWith(change).provider as EksSettings;

  it("are an account and administrators; the region is the one of the tree, and the rest has defaults", () => {
    assert.deepEqual(provider(eks()), {
      name: "eks",
      account: "111122223333",
      region: "eu-west-1",
      clusterName: "onebranch-prod",
      admins: [admin],
      publicCidrs: [],
      network: { block: { first: 10 * 2 ** 24, bits: 16 }, nat: "per-zone" },
      compute: { mode: "auto" },
      hostedZones: [],
      logDays: 90,
      isProtected: true,
      kubeconfigPath: "/checkout/.onebranch/eks/prod.kubeconfig",
    });
  });

  it("take the account of cluster.yaml", () => {
    const clusters = new Map([
      [
        "prod",
        identity({ name: "prod", stage: "prod", region: "eu-west-1", provider: "eks", account: "444455556666" }),
      ],
    ]);
    const config = { eksAdmins: ["arn:aws:iam::444455556666:role/deployer"] };
    const here = { tree: tree({ clusters }) };
    assert.equal(provider(eks({ ...config, awsAccount: "" }, here)).account, "444455556666");
    assert.equal(
      refusal(eks(config, here)),
      'awsAccount has "111122223333", and the account of prod in cluster.yaml is "444455556666"; name one account in both, or remove one of the two',
    );
  });

  it("can all be given", () => {
    const config = {
      eksAssumeRole: admin,
      eksPublicCidrs: ["198.51.100.0/24"],
      eksSubnets: ["subnet-0a", "subnet-0b"],
      eksCompute: "node-group",
      eksNodeTypes: ["m7i.xlarge", "u-6tb1.metal"],
      eksMinNodes: "2",
      eksMaxNodes: "4",
      eksHostedZones: ["Z1"],
      eksLogDays: "30",
      eksProtection: "off",
    };
    const { name, account, region, clusterName, admins, kubeconfigPath, ...found } = provider(eks(config));
    assert.deepEqual(
      [name, account, region, clusterName, admins.length],
      ["eks", "111122223333", "eu-west-1", "onebranch-prod", 1],
    );
    assert.match(kubeconfigPath, /prod.kubeconfig$/);
    assert.deepEqual(found, {
      assumeRole: admin,
      publicCidrs: ["198.51.100.0/24"],
      network: { subnets: ["subnet-0a", "subnet-0b"] },
      compute: { mode: "node-group", instanceTypes: ["m7i.xlarge", "u-6tb1.metal"], least: 2, most: 4 },
      hostedZones: ["Z1"],
      logDays: 30,
      isProtected: false,
    });
  });

  it("protect what the stage asks to be confirmed, and else nothing", () => {
    assert.equal(provider(eks({ provider: "eks" }, { stack: "staging" })).isProtected, false);
    assert.equal(provider(eks({ provider: "eks", eksProtection: "on" }, { stack: "staging" })).isProtected, true);
  });

  it("do not protect an ephemeral stack, which a sweep destroys, unless that is set", () => {
    const ofProd = { from: "prod", expires: "2999-12-01T18:00:00Z" };
    const stack = "pr-1";
    assert.equal(provider(eks(ofProd, { stack })).isProtected, false);
    assert.equal(provider(eks({ ...ofProd, eksProtection: "on" }, { stack })).isProtected, true);
  });

  it("have the repository of the remote, which the cluster can reach", () => {
    assert.equal(settingsWith(eks()).repository.url, "https://git.example.org/platform/onebranch.git");
  });

  const faults: { title: string; change: Change; message: string }[] = [
    {
      title: "without account and administrators",
      change: { stack: "prod" },
      message:
        "the provider eks needs the account of the cluster; name it: pulumi config set awsAccount <12 digits>\n" +
        "the provider eks needs administrators; without one nobody could log in to the cluster; name them, yours too: pulumi config set eksAdmins '[\"arn:aws:iam::<account>:role/<name>\"]'",
    },
    {
      title: "an account that is none",
      change: eks({ awsAccount: "1111-2222-3333" }),
      message:
        'awsAccount has "1111-2222-3333"; give the 12 digits of the account, which `aws sts get-caller-identity` prints',
    },
    {
      title: "an administrator of another account",
      change: eks({ eksAdmins: ["arn:aws:iam::444455556666:role/deployer"] }),
      message:
        'eksAdmins has "arn:aws:iam::444455556666:role/deployer", of another account than awsAccount; name one of the account 111122223333',
    },
    {
      title: "a session as administrator, with the role behind it",
      change: eks({ eksAdmins: ["arn:aws:sts::111122223333:assumed-role/deployer/ci"] }),
      message:
        'eksAdmins has "arn:aws:sts::111122223333:assumed-role/deployer/ci", which is a session; name the role: arn:aws:iam::111122223333:role/deployer, with its path if it has one',
    },
    {
      title: "an administrator by name, at its line",
      change: eks({ eksAdmins: ["ops"] }, { files: { "Pulumi.prod.yaml": "config:\n  onebranch:eksAdmins: [ops]\n" } }),
      message:
        'Pulumi.prod.yaml:2: eksAdmins has "ops"; give the ARN of a role or user: arn:aws:iam::<account>:role/<name> [setting-eks-admins]',
    },
    {
      title: "one twice",
      change: eks({ eksAdmins: [admin, admin] }),
      message: `eksAdmins has "${admin}" more than once; name it once`,
    },
    {
      title: "a user as the role that is taken on",
      change: eks({ eksAssumeRole: "arn:aws:iam::111122223333:user/ann" }),
      message:
        'eksAssumeRole has "arn:aws:iam::111122223333:user/ann"; give the ARN of a role: arn:aws:iam::<account>:role/<name>',
    },
    {
      title: "the whole internet",
      change: eks({ eksPublicCidrs: ["0.0.0.0/0"] }),
      message: 'eksPublicCidrs has "0.0.0.0/0", the whole internet; name the addresses of your offices, runners or VPN',
    },
    {
      title: "an address that is not the start of its block, with the start",
      change: eks({ eksPublicCidrs: ["198.51.100.7/24"], eksVpcCidr: "10.1.0.0/14" }),
      message:
        'eksPublicCidrs has "198.51.100.7/24", which is not the start of a block; write 198.51.100.0/24\n' +
        'eksVpcCidr has "10.1.0.0/14"; give a block of /16 to /20',
    },
    {
      title: "what is no block",
      change: eks({ eksPublicCidrs: ["198.51.100.0"], eksVpcCidr: "10.256.0.0/16" }),
      message:
        'eksPublicCidrs has "198.51.100.0"; give a block of IPv4 addresses such as 10.0.0.0/16\n' +
        'eksVpcCidr has "10.256.0.0/16"; give a block of IPv4 addresses such as 10.0.0.0/16',
    },
    {
      title: "a network that is made and one that is there",
      change: eks({ eksSubnets: ["subnet-0a", "subnet-0b"], eksVpcCidr: "10.1.0.0/16", eksNat: "single" }),
      message:
        "eksVpcCidr is for a network that is made, and eksSubnets names one that is there; remove one of the two\n" +
        "eksNat is for a network that is made, and eksSubnets names one that is there; remove one of the two",
    },
    {
      title: "one subnet, and one that is none",
      change: eks({ eksSubnets: ["vpc-0a"] }),
      message:
        'eksSubnets has "vpc-0a"; give ids of subnets such as subnet-0123456789abcdef0\n' +
        'eksSubnets has "vpc-0a" alone; EKS needs two zones; add one of another zone',
    },
    {
      title: "words that are not offered",
      change: eks({ eksNat: "none", eksCompute: "fargate", eksProtection: "yes" }),
      message:
        'eksNat is "none"; use one of: per-zone, single\n' +
        'eksCompute is "fargate"; use one of: auto, node-group\n' +
        'eksProtection is "yes"; use one of: off, on',
    },
    {
      title: "nodes where EKS chooses them",
      change: eks({ eksNodeTypes: ["m7i.large"], eksMinNodes: "2" }),
      message:
        "eksNodeTypes is for a node group, and eksCompute is auto: EKS chooses the nodes; remove it: pulumi config rm eksNodeTypes, or set eksCompute to node-group\n" +
        "eksMinNodes is for a node group, and eksCompute is auto: EKS chooses the nodes; remove it: pulumi config rm eksMinNodes, or set eksCompute to node-group",
    },
    {
      title: "more nodes at least than at most",
      change: eks({ eksCompute: "node-group", eksMaxNodes: "2", eksNodeTypes: ["large"] }),
      message:
        'eksNodeTypes has "large"; give instance types such as m7i.large\n' +
        "eksMaxNodes is 2, less than eksMinNodes (3); give at least 3",
    },
    {
      title: "a zone by its path, with its id",
      change: eks({ eksHostedZones: ["/hostedzone/Z1"] }),
      message: 'eksHostedZones has "/hostedzone/Z1"; write Z1',
    },
    {
      title: "days that CloudWatch does not offer, with the next it does",
      change: eks({ eksLogDays: "100" }),
      message: "eksLogDays is 100, which CloudWatch does not offer; use 120",
    },
    {
      title: "a stack name that makes the names of roles too long",
      change: eks({ provider: "eks", from: "staging" }, { stack: "a".repeat(28) }),
      message: `the stack name ${"a".repeat(28)} has 28 characters; the names of its roles would be too long; use at most 27`,
    },
    {
      title: "a region that AWS does not have",
      change: eks({}, { tree: inRegion("fsn1") }),
      message:
        'gitops/regions/eu-west-1.yaml:1: cloudRegion of the region eu-west-1 is "fsn1", where the provider eks makes no clusters; write a region of AWS such as eu-west-1; those of China and of the US government are not supported [setting-cloud-region]',
    },
    {
      title: "a region of another partition",
      change: eks({}, { tree: inRegion("cn-north-1") }),
      message:
        'gitops/regions/eu-west-1.yaml:1: cloudRegion of the region eu-west-1 is "cn-north-1", where the provider eks makes no clusters; write a region of AWS such as eu-west-1; those of China and of the US government are not supported [setting-cloud-region]',
    },
  ];
  for (const { title, change, message } of faults) {
    it(`are refused: ${title}`, () => assert.equal(refusal(change), message));
  }
});

function inRegion(cloudRegion: string) {
  const regions = new Map(tree().regions);
  regions.set("eu-west-1", { ...regions.get("eu-west-1")!, cloudRegion });
  return tree({ regions });
}

describe("what a person is told of a cluster on AWS before anything is made", () => {
  const open = { eksPublicCidrs: ["198.51.100.0/24"] };
  const warnings = (change: Change) => warningsOf(settingsWith(change));
  const oneWay =
    "eksNat is single: no node of prod reaches the internet while the zone of its one NAT gateway fails; for a cluster that is kept, use one in each zone: pulumi config rm eksNat";

  it("is that nobody outside its network reaches it, unless addresses are named", () => {
    assert.deepEqual(warnings(eks()), [
      "eksPublicCidrs is empty: the API server of prod answers inside its network only; run this there or through a VPN, or name your addresses: pulumi config set eksPublicCidrs '[\"198.51.100.7/32\"]'",
    ]);
    assert.deepEqual(warnings(eks(open)), []);
  });

  it("is that one zone cuts off all nodes, where the cluster is kept", () => {
    const single = { ...open, eksNat: "single" };
    assert.deepEqual(warnings(eks(single)), [oneWay]);
    assert.deepEqual(warnings(eks({ ...single, eksProtection: "off" })), [oneWay]);
    assert.deepEqual(warnings(eks({ ...open, eksSubnets: ["subnet-0a", "subnet-0b"] })), []);
    const staging = (more = {}) => eks({ provider: "eks", ...single, ...more }, { stack: "staging" });
    assert.deepEqual(warnings(staging()), []);
    assert.deepEqual(warnings(staging({ eksProtection: "on" })), [oneWay.replaceAll("prod", "staging")]);
    assert.deepEqual(warnings(eks({ ...single, from: "prod" }, { stack: "pr-1" })), []);
  });
});

describe("the names of roles", () => {
  for (const region of ["eu-west-1", "ap-southeast-7"]) {
    it(`have at most 64 characters in ${region} for the longest stack name, and more for a longer one`, () => {
      const longest = (stack: string) =>
        Math.max(...rolePurposes.map((purpose) => roleName(stack, region, purpose).length));
      assert.equal(longest("a".repeat(longestStack(region))), 64);
      assert.equal(longest("a".repeat(longestStack(region) + 1)), 65);
    });
  }
});
