import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ArgoCdAccess } from "../../model/access";
import { argoCdNamespace } from "../../model/root";
import { besideOptions, insideOptions } from "../cluster/handle";
import { LocalResource } from "../dynamic/resource";
import type { Settings } from "../settings/settings";
import { argoCdConfig } from "./config";
import type { ArgoCdHandle, ArgoCdRequest } from "./handle";
import { ownerLabel } from "./release-guard";
import { monitorsServed } from "./monitoring";
import { notificationKeys, notificationSecret } from "./notifications";
import { isMonitored, operationValues } from "./operation";
import { loginSecret } from "./sso";
import { gitConfig, gitFiles } from "./git-config";
import { chartValues, type Placement } from "./values";
import { webhookKeys } from "./webhooks";

/** Where the Argo CD of a chart is put and how it is reached. */
export interface Site {
  placement: Placement;
  url: string;
  access: ArgoCdAccess;
}

const forwardedPort = 8443;

/** For clusters whose network is unknown. */
export const forwardedSite: Site = {
  placement: {},
  url: `https://localhost:${forwardedPort}`,
  access: "forwarded",
};

const release = { name: "argocd", namespace: argoCdNamespace };

/** Seconds that Helm waits for the pods of Argo CD: long enough for images to be pulled on a slow line. */
const releaseTimeout = 600;

/** Installs the pinned official chart into its namespace, with the Secrets that it would otherwise make itself. */
export function installRelease(request: ArgoCdRequest, site: Site): ArgoCdHandle {
  const { placement, url, access } = named(site, request.settings);
  const { settings, cluster, before } = request;
  const guard = new LocalResource(
    "ReleaseGuard",
    "argocd-guard",
    { kubeconfig: cluster.kubeconfig, stack: settings.stack, release: release.name, namespace: argoCdNamespace },
    [],
    besideOptions(cluster, before),
  );
  const objects = besideRelease(request);
  const namespace = new k8s.core.v1.Namespace(
    "argocd-namespace",
    objects.namespace,
    insideOptions(cluster, [...before, guard]),
  );
  const inside = insideOptions(cluster, [namespace]);
  const redis = new k8s.core.v1.Secret("argocd-redis", objects.redis, inside);
  const secret = new k8s.core.v1.Secret("argocd-secret", objects.secret, inside);
  const git = new k8s.core.v1.ConfigMap("argocd-gitconfig", objects.git, inside);
  const dependsOn: pulumi.Resource[] = [...cluster.dependsOn, ...before, guard, redis, secret, git];
  if (objects.notifications) {
    dependsOn.push(new k8s.core.v1.Secret("argocd-notifications", objects.notifications, inside));
  }
  const served = isMonitored(settings) ? monitorsServed(cluster, [guard]) : undefined;
  const resource = new k8s.helm.v3.Release(
    "argocd",
    {
      ...release,
      ...chartSource(settings),
      values: chartValues(
        argoCdConfig(settings.pollSeconds, url, { ...settings.argocd, ...settings.installation }),
        settings.argocd,
        placement,
        operationValues(settings, { url, oneNode: placement.oneNode, served }),
      ),
      timeout: releaseTimeout,
      waitForJobs: true,
      maxHistory: 3,
    },
    {
      ...inside,
      dependsOn,
      // On a cluster that stays, its namespace and the guard delete it: Helm fails on a release that a killed
      // destroy uninstalled without Pulumi noticing.
      ...(cluster.deletedWith ? {} : { retainOnDelete: true }),
      customTimeouts: { create: "15m", update: "15m", delete: "10m" },
    },
  );
  const restored = { release, objects: Object.values(objects) };
  return { resource, url: pulumi.output(url), access, restored };
}

/**
 * The namespace, and what the chart would otherwise make itself: its values would carry the secrets into the release's stored
 * manifest.
 */
function besideRelease({ settings, redisPassword, webhookSecret }: ArgoCdRequest) {
  const { sso, notifications } = settings.argocd;
  const metadata = (name: string) => ({ name, namespace: argoCdNamespace });
  const object = <K extends string>(kind: K) => ({ apiVersion: "v1" as const, kind });
  return {
    namespace: {
      ...object("Namespace"),
      metadata: { name: argoCdNamespace, labels: { [ownerLabel]: settings.identity.name } },
    },
    redis: { ...object("Secret"), metadata: metadata("argocd-redis"), stringData: { auth: redisPassword } },
    secret: {
      ...object("Secret"),
      metadata: {
        ...metadata("argocd-secret"),
        labels: { "app.kubernetes.io/name": "argocd-secret", "app.kubernetes.io/part-of": "argocd" },
      },
      stringData: {
        ...webhookKeys(webhookSecret),
        ...loginSecret(sso?.clientSecret && pulumi.secret(sso.clientSecret)),
      },
    },
    ...(notifications && {
      notifications: {
        ...object("Secret"),
        metadata: metadata(notificationSecret),
        stringData: pulumi.secret(notificationKeys(notifications)),
      },
    }),
    git: { ...object("ConfigMap"), metadata: metadata(gitConfig.configMap), data: gitFiles(gitConfig.directory) },
  };
}

/** Under the host name that the stack gives Argo CD, nothing has to run beside it. */
function named(site: Site, { argocd }: Settings): Site {
  return argocd.host === undefined
    ? site
    : { placement: site.placement, url: `https://${argocd.host}`, access: "published" };
}

/** Chart, repository and version; a file or an oci:// address carries its own. */
function chartSource({ argocd, root }: Settings) {
  if (argocd.chart.endsWith(".tgz")) {
    const path = isAbsolute(argocd.chart) ? argocd.chart : join(root, argocd.chart);
    return { chart: existsSync(path) ? path : argocd.chart };
  }
  if (argocd.chart.startsWith("oci://")) return { chart: argocd.chart, version: argocd.chartVersion };
  return {
    chart: argocd.chart,
    version: argocd.chartVersion,
    repositoryOpts: { repo: argocd.chartRepository },
  };
}
