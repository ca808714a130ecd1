import { join } from "node:path";

/** Where the kubeconfig of a stack is written, below the ignored .onebranch/. */
export function eksKubeconfig(root: string, stack: string): string {
  return join(root, ".onebranch", "eks", `${stack}.kubeconfig`);
}

/** What a kubeconfig of EKS is made from. */
export interface Reach {
  clusterName: string;
  region: string;
  server: string;
  /** The certificate authority, in base64. */
  authority: string;
  assumeRole?: string | undefined;
}

/** A kubeconfig that logs in with what the shell has of AWS: there is no secret in it, and it does not run out. */
export function execKubeconfig({ clusterName, region, server, authority, assumeRole }: Reach): string {
  const args = ["eks", "get-token", "--cluster-name", clusterName, "--region", region, "--output", "json"];
  if (assumeRole !== undefined) args.push("--role-arn", assumeRole);
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    command: "aws",
    args,
    interactiveMode: "Never",
    provideClusterInfo: false,
  };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": clusterName,
    clusters: [{ name: clusterName, cluster: { server, "certificate-authority-data": authority } }],
    contexts: [{ name: clusterName, context: { cluster: clusterName, user: clusterName } }],
    users: [{ name: clusterName, user: { exec } }],
  });
}
