import * as pulumi from "@pulumi/pulumi";
import { firstPasswordCommand, firstUser, forwardArguments, type ArgoCdAccess } from "../model/access";
import type { ArgoCdHandle } from "./argocd/handle";
import { callbackPath } from "./argocd/sso";
import type { ClusterHandle } from "./cluster/handle";
import type { Settings } from "./settings/settings";
import type { Sso } from "./settings/sso";

/** What a stack gives to people and to the command line. */
export interface Outputs {
  /** Where Argo CD's UI and API answer. */
  argocdURL: pulumi.Input<string>;
  /** What it takes that they do. */
  argocdAccess: ArgoCdAccess;
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
  /** Of an ephemeral stack. */
  from?: string;
  expires?: string;
}

/** The outputs of a stack. */
export function outputsOf(settings: Settings, cluster: ClusterHandle, argoCd: ArgoCdHandle): Outputs {
  const { identity, repository } = settings;
  const { name, stage, ring, region, provider, capabilities, domain } = identity;
  return {
    argocdURL: argoCd.url,
    argocdAccess: argoCd.access,
    argocdSso: settings.argocd.sso !== undefined,
    argocdLogin: settings.argocd.sso ? ssoText(settings.argocd.sso, argoCd) : loginText(argoCd),
    kubeconfig: pulumi.secret(cluster.kubeconfig),
    identity: { name, stage, ...(ring !== undefined && { ring }), region, provider, capabilities, domain },
    repoURL: repository.url,
    revision: repository.revision,
    provider,
    ...settings.lifetime,
  };
}

function ssoText({ name }: Sso, { url, access }: ArgoCdHandle): pulumi.Output<string> {
  return url.apply(
    (address) => `by ${name}, which sends people back to ${address}${callbackPath}${firstOf(access, address)}`,
  );
}

function loginText({ access, url }: ArgoCdHandle): pulumi.Input<string> {
  const login = `user ${firstUser}, password: ${firstPasswordCommand}`;
  return access === "forwarded" ? url.apply((address) => `${login}${firstOf(access, address)}`) : login;
}

/** What has to run before somebody can log in. */
function firstOf(access: ArgoCdAccess, url: string): string {
  if (access !== "forwarded") return "";
  return `; first: ${["kubectl", ...forwardArguments(Number(new URL(url).port))].join(" ")}`;
}
