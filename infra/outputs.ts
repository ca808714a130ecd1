import * as pulumi from "@pulumi/pulumi";
import { argoCdNamespace } from "../model/root";
import type { ArgoCdHandle } from "./argocd/handle";
import { callbackPath } from "./argocd/sso";
import type { ClusterHandle } from "./cluster/handle";
import type { Settings } from "./settings/settings";
import type { Sso } from "./settings/sso";

/** What a stack gives to people and to the command line. */
export interface Outputs {
  /** Where Argo CD's UI and API answer. */
  argocdURL: pulumi.Input<string>;
  /** Whether people log in there by their identity provider, and admin does not. */
  argocdSso: boolean;
  /** How to log in there, in words. */
  argocdLogin: pulumi.Input<string>;
  /** Administrator's kubeconfig; secret. */
  kubeconfig: pulumi.Output<string>;
  /** Who the cluster is in gitops/. */
  identity: {
    name: string;
    stage: string;
    ring?: string;
    region: string;
    provider: string;
    capabilities: string[];
    domain: string;
  };
  repoURL: string;
  /** Branch, tag or commit that Argo CD follows. */
  revision: string;
  provider: string;
}

/** The outputs of a stack. */
export function outputsOf(settings: Settings, cluster: ClusterHandle, argoCd: ArgoCdHandle): Outputs {
  const { identity, repository } = settings;
  const { name, stage, ring, region, provider, capabilities, domain } = identity;
  return {
    argocdURL: argoCd.url,
    argocdSso: settings.argocd.sso !== undefined,
    argocdLogin: settings.argocd.sso ? ssoText(settings.argocd.sso, argoCd) : loginText(argoCd.forward),
    kubeconfig: pulumi.secret(cluster.kubeconfig),
    identity: { name, stage, ...(ring !== undefined && { ring }), region, provider, capabilities, domain },
    repoURL: repository.url,
    revision: repository.revision,
    provider,
  };
}

function ssoText({ name }: Sso, { url, forward }: ArgoCdHandle): pulumi.Output<string> {
  const first = forward ? `; first: ${forward}` : "";
  return url.apply((address) => `by ${name}, which sends people back to ${address}${callbackPath}${first}`);
}

function loginText(forward: string | undefined): string {
  const password = `kubectl -n ${argoCdNamespace} get secret argocd-initial-admin-secret -o jsonpath='{.data.password}' | base64 -d`;
  return `user admin, password: ${password}${forward ? `; first: ${forward}` : ""}`;
}
