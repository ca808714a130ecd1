import { argoCdNamespace } from "./root";

/**
 * How a person reaches the Argo CD of a cluster: at its address; at its address while `kubectl port-forward` runs; or by
 * `argocd` and its API alone, because it is built without its web page.
 */
export type ArgoCdAccess = "published" | "forwarded" | "api";

/** The arguments of the kubectl that lets Argo CD answer at a port of this machine. */
export function forwardArguments(port: number): string[] {
  return ["-n", argoCdNamespace, "port-forward", "service/argocd-server", `${port}:443`];
}

/** The user that Argo CD has from the beginning. */
export const firstUser = "admin";

/** The Secret in which Argo CD leaves that user's first password; people delete it once they have changed the password. */
export const firstPassword = { secret: "argocd-initial-admin-secret", key: "password" };

/** The command that prints the first password. */
export const firstPasswordCommand = `kubectl -n ${argoCdNamespace} get secret ${firstPassword.secret} -o jsonpath='{.data.${firstPassword.key}}' | base64 -d`;
