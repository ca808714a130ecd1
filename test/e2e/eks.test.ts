import assert from "node:assert/strict";
import type { Thing } from "../support/fake-aws/ledger";
import { types } from "../support/fake-aws/types";
import { identity, tree } from "../infra/support/source";
import { EksLab, type EksStack, type Run } from "./support/eks-stack";

/** A network that somebody else keeps. */
const theirs: Thing[] = [
  { type: types.vpc, id: "vpc-0", region: "eu-west-1", inputs: { cidrBlock: "172.16.0.0/16" }, outputs: {} },
  ...["a", "b", "c"].map((letter, index) => ({
    type: types.subnet,
    id: `subnet-0${letter}`,
    region: "eu-west-1",
    // The third is in the zone of the first.
    inputs: {
      vpcId: "vpc-0",
      cidrBlock: `172.16.${index}.0/24`,
      availabilityZone: `eu-west-1${letter === "b" ? "b" : "a"}`,
    },
    outputs: {},
  })),
];

/** Asserts that a run went well, and how many resources it touched in which way. */
function went(run: Run, changes: Run["changes"]): void {
  assert.deepEqual(run.errors, []);
  assert.deepEqual(run.changes, changes);
}

/** Resources of a cluster with Auto Mode in a network of its own, Pulumi's stack and provider among them. */
const resources = 49;

describe("a cluster on AWS", () => {
  let lab: EksLab;

  before(async function () {
    lab = await EksLab.open(this, theirs);
  });
  after(() => lab?.close());

  const names = (things: readonly Thing[]) => things.map(({ type, id }) => `${type} ${id}`);
  function assertNothingLeft(): void {
    assert.deepEqual(lab.aws.files.careless(), []);
    assert.deepEqual(names(lab.aws.files.things()), names(theirs));
  }

  /** Brings a stack up for a test, and checks that nothing is left of it. */
  async function whileUp(stack: EksStack, made: number, test: () => Promise<number>): Promise<void> {
    went(await stack.up(), { create: made });
    const known = await test();
    went(await stack.destroy(), { delete: known });
    assertNothingLeft();
  }

  it("is previewed, made, stays as it is, and goes without a trace, with Auto Mode", async () => {
    const stack = await lab.stack("staging");
    went(await stack.preview(), { create: resources });
    assertNothingLeft();
    await whileUp(stack, resources, async () => {
      went(await stack.up(), { same: resources });
      await stack.refresh();
      return resources;
    });
  });

  it("changes nothing twice with a node group, makes new nodes before the old ones go, and follows Kubernetes in place", async () => {
    const config = { eksCompute: "node-group", eksHostedZones: "Z1" };
    const at = (kubernetesVersion: string, more: Readonly<Record<string, string>> = {}) => {
      const clusters = new Map([["staging", identity({ name: "staging", stage: "staging", kubernetesVersion })]]);
      return lab.stack("staging", { ...config, ...more }, { tree: tree({ clusters }) });
    };
    const all = 62;
    const stack = await at("1.35");
    await whileUp(stack, all, async () => {
      went(await stack.up(), { same: all });
      const calls = lab.aws.files.calls().length;
      const larger = await at("1.35", { eksNodeTypes: "m7i.xlarge" });
      went(await larger.up(), { replace: 1, same: all - 1 });
      const nodes = lab.aws.files.calls().slice(calls);
      assert.deepEqual(
        nodes.map(({ op, type, state }) => `${op} ${type} ${state}`),
        ["create", "delete"].flatMap((op) => ["begun", "done"].map((state) => `${op} ${types.nodeGroup} ${state}`)),
      );
      // The control plane, five add-ons of EKS, and the nodes.
      went(await (await at("1.36", { eksNodeTypes: "m7i.xlarge" })).up(), { update: 7, same: all - 7 });
      await stack.refresh();
      return all;
    });
  });

  it("uses subnets that somebody else keeps, and leaves them", async () => {
    const stack = await lab.stack("staging", { eksSubnets: "subnet-0a,subnet-0b" });
    await whileUp(stack, 19, async () => {
      const vpcs = lab.aws.files.things().filter(({ type }) => type === types.vpc);
      assert.deepEqual(
        vpcs.map(({ id }) => id),
        ["vpc-0"],
      );
      return Promise.resolve(19);
    });
  });

  it("stands in three regions of one account at once", async () => {
    const regions = ["us-east-1", "eu-west-1", "ap-southeast-2"];
    const stacks: EksStack[] = [];
    for (const [index, region] of regions.entries()) {
      const name = `pr-${index}`;
      const facts = { name: region, compliance: [], dnsZone: "example.org", cloudRegion: region };
      const change = {
        tree: tree({ clusters: new Map([[name, identity({ name, region })]]), regions: new Map([[region, facts]]) }),
      };
      const stack = await lab.stack(name, {}, change);
      went(await stack.up(), { create: resources });
      stacks.push(stack);
    }
    const clusters = lab.aws.files.things().filter(({ type }) => type === types.cluster);
    assert.deepEqual(
      clusters.map(({ region }) => region),
      regions,
    );
    for (const stack of stacks) went(await stack.destroy(), { delete: resources });
    assertNothingLeft();
  });

  it("is deleted in no part while it is protected", async () => {
    const stack = await lab.stack("prod");
    went(await stack.up(), { create: resources });
    const before = names(lab.aws.files.things());
    const { errors } = await stack.destroy();
    assert.match(errors.join("\n"), /protect/);
    assert.deepEqual(names(lab.aws.files.things()), before);
    const open = await lab.stack("prod", { eksProtection: "off" });
    went(await open.up(), { update: 1, same: resources - 1 });
    went(await open.destroy(), { delete: resources });
    assertNothingLeft();
  });

  it("is finished by the same command after what failed, was done by half, or could not be deleted", async () => {
    const stack = await lab.stack("staging");
    lab.aws.setFaults([
      { op: "create", type: types.address, nth: 2, how: "fail", message: "AddressLimitExceeded" },
      { op: "create", type: types.cluster, nth: 1, how: "half", message: "timeout while waiting for ACTIVE" },
    ]);
    assert.match((await stack.up()).errors.join("\n"), /AddressLimitExceeded/);
    assert.match((await stack.up()).errors.join("\n"), /timeout while waiting for ACTIVE/);
    assert.deepEqual((await stack.up()).errors, []);
    went(await stack.up(), { same: resources });
    lab.aws.setFaults([{ op: "delete", type: types.nat, nth: 1, how: "fail", message: "InternalFailure" }]);
    assert.match((await stack.destroy()).errors.join("\n"), /InternalFailure/);
    assert.deepEqual((await stack.destroy()).errors, []);
    lab.aws.setFaults([]);
    assertNothingLeft();
  });

  for (const [title, config, message] of [
    [
      "another account",
      { awsAccount: "444455556666", eksAdmins: "arn:aws:iam::444455556666:role/deployer" },
      /not allowed/,
    ],
    [
      "a login that is no administrator",
      { eksAdmins: "arn:aws:iam::111122223333:role/other" },
      /is not among eksAdmins/,
    ],
    ["subnets of one zone", { eksSubnets: "subnet-0a,subnet-0c" }, /all of eksSubnets are in the zone eu-west-1a/],
  ] as const) {
    it(`is not begun with ${title}`, async () => {
      const stack = await lab.stack("dev", config);
      const { errors } = await stack.up();
      assert.match(errors.join("\n"), message);
      assertNothingLeft();
    });
  }
});
