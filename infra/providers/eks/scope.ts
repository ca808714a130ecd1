import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { getSubnetOutput } from "@pulumi/aws/ec2/getSubnet";
import { getSessionContextOutput } from "@pulumi/aws/iam/getSessionContext";
import { Provider } from "@pulumi/aws/provider";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../settings/settings";
import { tagKeys } from "./names";
import type { Place } from "./policies";
import type { EksSettings } from "./settings";

/** What every resource of a cluster on AWS is made with. */
export interface Scope {
  settings: EksSettings;
  stack: string;
  kubernetesVersion: string;
  place: Place;
  options: { provider: Provider };
  /** Tags that the provider gives to all that it makes itself. */
  defaultTags: Readonly<Record<string, string>>;
  /** Tags of one resource. By its logical name a creation that was cut off is found again. */
  tags(resource: string): Record<string, string>;
  /** A value for a resource that stands on no other: only known when login and subnets were found to be fit. */
  checked<T>(value: T): pulumi.Output<T>;
}

/** Opens the account. With a login of another one, or one that could not log in to the cluster, nothing is made. */
export function openScope({ stack, identity, provider: settings }: Settings<EksSettings>): Scope {
  const { account, region, clusterName, assumeRole, admins, network } = settings;
  const defaultTags = { [tagKeys.stack]: stack, [tagKeys.cluster]: identity.name, [tagKeys.stage]: identity.stage };
  const provider = new Provider("aws", {
    region,
    allowedAccountIds: [account],
    ...(assumeRole !== undefined && { assumeRoles: [{ roleArn: assumeRole }] }),
    defaultTags: { tags: defaultTags },
  });
  const options = { provider };
  const { arn } = getCallerIdentityOutput({}, options);
  const login = getSessionContextOutput({ arn }, options).issuerArn.apply((issuer) => admitted(issuer, admins));
  const given = "subnets" in network ? network.subnets : [];
  const zones = given.map((id) => getSubnetOutput({ id }, options).availabilityZone);
  const fit = pulumi.all([login, pulumi.all(zones).apply(spread)]);
  return {
    settings,
    stack,
    kubernetesVersion: identity.kubernetesVersion,
    place: { account, region, stage: identity.stage, cluster: clusterName },
    options,
    defaultTags,
    tags: (resource) => ({ Name: `${clusterName}-${resource}`, [tagKeys.resource]: resource }),
    checked: <T>(value: T) => fit.apply(() => value) as pulumi.Output<T>,
  };
}

function admitted(login: string, admins: readonly string[]): string {
  if (admins.includes(login)) return login;
  throw new pulumi.RunError(
    `the login ${login} is not among eksAdmins (${admins.join(", ")}), so it could not reach the cluster that it makes; ` +
      "add it, or log in as one of them",
  );
}

/** @param zones those of the subnets that were given; none for a network that is made */
function spread(zones: readonly string[]): void {
  if (zones.length === 0 || new Set(zones).size > 1) return;
  throw new pulumi.RunError(
    `all of eksSubnets are in the zone ${zones[0]}; EKS needs two: add a subnet of another one`,
  );
}
