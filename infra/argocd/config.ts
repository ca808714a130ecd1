import { deletionApproved } from "../../model/argocd";
import type { ArgoCdChoice } from "../settings/argocd";
import type { Installation } from "../settings/installation";
import { exclusionKeys } from "./exclusions";
import { resourceKeys } from "./health";
import { loginKeys, roleKeys } from "./sso";

/** Argo CD's own configuration: the content of its three ConfigMaps, which the chart or the embedded runtime writes. */
export interface ArgoCdConfig {
  /** argocd-cm */
  cm: Readonly<Record<string, string>>;
  /** argocd-rbac-cm */
  rbac: Readonly<Record<string, string>>;
  /** argocd-cmd-params-cm */
  params: Readonly<Record<string, string>>;
}

/** From this many seconds on, spreading the looks at Git saves more than it delays. */
const jitterFrom = 60;

/**
 * The configuration of a cluster's Argo CD.
 * @param pollSeconds seconds between two looks at the repository
 * @param url where the UI and API answer, when that is known before Argo CD runs
 * @param choice what the stack asks for
 */
export function argoCdConfig(
  pollSeconds: number,
  url?: string,
  { sso, policy, exclusions }: Pick<ArgoCdChoice, "sso" | "policy"> & Partial<Pick<Installation, "exclusions">> = {},
): ArgoCdConfig {
  return {
    cm: {
      ...loginKeys(sso),
      "application.resourceTrackingMethod": "annotation",
      ...exclusionKeys(exclusions),
      ...resourceKeys,
      "exec.enabled": "false",
      "statusbadge.enabled": "false",
      "timeout.reconciliation": `${pollSeconds}s`,
      "timeout.reconciliation.jitter": pollSeconds < jitterFrom ? "0s" : `${Math.floor(pollSeconds / 3)}s`,
      "users.anonymous.enabled": "false",
      ...(url === undefined ? {} : { url }),
    },
    rbac: roleKeys(sso, policy),
    params: {
      // `*` in a path of the tree means one directory, as in every shell.
      "applicationsetcontroller.enable.new.git.file.globbing": "true",
      // A checkout for a set would fetch submodules into the files that manifests are rendered from, and one that cannot be fetched
      // stops every set. `reposerver.enable.git.submodule` is for manifests alone.
      "applicationsetcontroller.enable.git.submodule": "false",
      // Only Git generators are used; the others would let the tree reach out to hosts.
      "applicationsetcontroller.enable.scm.providers": "false",
      // A person writes it on an Application. An ApplicationSet would take it off again, often before Argo CD has read it.
      "applicationsetcontroller.global.preserved.annotations": deletionApproved,
      // How long Argo CD goes on showing its last comparison when the repository cannot be rendered. Its default of three minutes
      // looks as if all were well.
      "controller.repo.error.grace.period.seconds": "10s",
      "reposerver.enable.git.submodule": "false",
      "server.insecure": "false",
    },
  };
}

/** The same as the ConfigMaps that Argo CD reads: name to data. */
export function configMaps({ cm, rbac, params }: ArgoCdConfig): Record<string, Record<string, string>> {
  return { "argocd-cm": { ...cm }, "argocd-rbac-cm": { ...rbac }, "argocd-cmd-params-cm": { ...params } };
}
