import { join } from "node:path";
import { writeWhole } from "../../../../machine/files";
import { keyPair, readPki } from "./certificates";
import type { ClusterPaths } from "./directory";

/** A kubeconfig with everything in it, for one user of the cluster (the name of a key pair). */
export async function kubeconfigFor(paths: ClusterPaths, port: number, user: string): Promise<string> {
  const [ca, cert, key] = await Promise.all(
    ["ca.crt", `${user}.crt`, `${user}.key`].map((file) => readPki(paths, file)),
  );
  const name = `onebranch-${paths.name}`;
  return `apiVersion: v1
kind: Config
current-context: ${name}
clusters:
  - name: ${name}
    cluster:
      server: https://127.0.0.1:${port}
      certificate-authority-data: ${base64(ca!)}
contexts:
  - name: ${name}
    context: { cluster: ${name}, user: ${user} }
users:
  - name: ${user}
    user:
      client-certificate-data: ${base64(cert!)}
      client-key-data: ${base64(key!)}
`;
}

/** Writes the kubeconfig of a process and returns its place. */
export async function writeKubeconfig(paths: ClusterPaths, port: number, user: string): Promise<string> {
  const path = join(paths.pki, `${user}.kubeconfig`);
  writeWhole(path, await kubeconfigFor(paths, port, user));
  return path;
}

/** Writes the administrator's kubeconfig where people look for it, and returns its text. */
export async function writeAdminKubeconfig(paths: ClusterPaths, port: number): Promise<string> {
  const text = await kubeconfigFor(paths, port, "admin");
  writeWhole(paths.kubeconfig, text);
  return text;
}

/** `--<flag>=<file>` for a key pair. */
export function tlsFlags(paths: ClusterPaths, name: string, certFlag: string, keyFlag: string): string[] {
  const { cert, key } = keyPair(paths, name);
  return [`--${certFlag}=${cert}`, `--${keyFlag}=${key}`];
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
