import { account, AwsError, caller, type Scene } from "./rule";
import { types } from "./types";
import type { Properties } from "./values";

/** Answers what a program asks about an account. */
export function lookUp(token: string, args: Properties, { ledger, region }: Scene): Properties {
  switch (token) {
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return {
        id: account,
        accountId: account,
        arn: `arn:aws:sts::${account}:assumed-role/deployer/ci`,
        userId: "A:ci",
      };
    case "aws:iam/getSessionContext:getSessionContext":
      return {
        id: args.arn,
        arn: args.arn,
        issuerArn: caller,
        issuerId: "A",
        issuerName: "deployer",
        sessionName: "ci",
      };
    case "aws:index/getAvailabilityZones:getAvailabilityZones":
      return { id: region, names: ["a", "b", "c"].map((zone) => region + zone), zoneIds: [], groupNames: [region] };
    case "aws:ec2/getSubnet:getSubnet": {
      const subnet = ledger.find(types.subnet, String(args.id));
      if (!subnet) throw new AwsError(`no matching EC2 Subnet found: ${String(args.id)}`);
      return { ...subnet.inputs, ...subnet.outputs, id: subnet.id };
    }
    // That of kube-proxy is named after Kubernetes; here all are.
    case "aws:eks/getAddonVersion:getAddonVersion":
      return { ...args, id: args.addonName, version: `v${String(args.kubernetesVersion)}.0-eksbuild.1` };
    default:
      throw new AwsError(`the fake does not answer ${token}; add it to lookups.ts`);
  }
}
