import type { Cluster } from "@pulumi/aws/eks/cluster";
import { PodIdentityAssociation } from "@pulumi/aws/eks/podIdentityAssociation";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import type * as pulumi from "@pulumi/pulumi";
import { loadBalancers } from "./load-balancer-policy";
import type { RolePurpose } from "./names";
import { externalDns, externalSecrets, podTrust, type Policy } from "./policies";
import { makeRole } from "./roles";
import type { Scope } from "./scope";

/** An add-on of the tree that calls AWS. */
interface Caller {
  purpose: RolePurpose;
  namespace: string;
  serviceAccount: string;
  policy: Policy;
}

/** Lets the add-ons of the tree that call AWS do so: each as its own service account, in this cluster only. */
export function makeIdentities(scope: Scope, cluster: Cluster): pulumi.Resource[] {
  return callers(scope).flatMap(({ purpose, namespace, serviceAccount, policy }) => {
    const { options, place, tags } = scope;
    const { role } = makeRole(scope, purpose, podTrust(place), []);
    const inline = new RolePolicy(
      `role-${purpose}`,
      { role: role.name, name: purpose, policy: JSON.stringify(policy) },
      options,
    );
    const association = new PodIdentityAssociation(
      purpose,
      { clusterName: cluster.name, namespace, serviceAccount, roleArn: role.arn, tags: tags(purpose) },
      { ...options, dependsOn: inline },
    );
    return [inline, association];
  });
}

function callers({ settings, place }: Scope): Caller[] {
  const { hostedZones, compute } = settings;
  const all: Caller[] = [named("external-secrets", externalSecrets(place))];
  if (hostedZones.length > 0) all.push(named("external-dns", externalDns(hostedZones)));
  if (compute.mode === "node-group") {
    all.push({
      purpose: "load-balancer",
      namespace: "kube-system",
      serviceAccount: "aws-load-balancer-controller",
      policy: loadBalancers(place),
    });
  }
  return all;
}

/** An add-on whose namespace and service account are called as it is. */
function named(purpose: "external-secrets" | "external-dns", policy: Policy): Caller {
  return { purpose, namespace: purpose, serviceAccount: purpose, policy };
}
