import { isDnsLabel } from "../../model/names";
import type { SettingDeclarations } from "./declaration";
import type { Faults } from "./faults";
import type { Values } from "./values";

/** How Argo CD is installed beside its version: how many of it, what it may use, who reaches it. */
export interface Installation {
  profile: "standard" | "ha";
  /** Whether pods of Argo CD take connections from those alone that need them. */
  networkPolicy: boolean;
  /** How the host name leads to the server; absent: something else does that, or nothing. */
  route?: IngressRoute | GatewayRoute;
  /** Labels that the cluster's Prometheus selects ServiceMonitors by. */
  monitorLabels: Readonly<Record<string, string>>;
  /** Kinds that Argo CD does not watch, besides those that it leaves out itself. */
  exclusions: readonly Exclusion[];
}

export interface IngressRoute {
  kind: "ingress";
  /** Absent: the default class of the cluster. */
  className?: string;
  /** The ClusterIssuer of cert-manager; absent: the certificate comes from elsewhere. */
  issuer?: string;
}

export interface GatewayRoute {
  kind: "httproute";
  namespace: string;
  name: string;
  /** Absent: every listener that fits. */
  listener?: string;
}

export interface Exclusion {
  /** Empty: the core group. */
  group: string;
  kind: string;
}

export const installationSettings = {
  argocdProfile: {
    type: "string",
    default: "standard",
    description:
      "standard: one of each part of Argo CD; ha: two of each part that can have two, three redis and disruption budgets, for clusters of at least three nodes. Default: standard.",
  },
  argocdNetworkPolicy: {
    type: "string",
    default: "on",
    description:
      "Whether network policies let only those reach the parts of Argo CD that need them: on or off. Default: on.",
  },
  argocdRoute: {
    type: "string",
    default: "",
    description:
      "How argocdHost leads to Argo CD: ingress or httproute (Gateway API), with TLS up to there. Default: none, whatever leads there is made elsewhere.",
  },
  argocdIngressClass: {
    type: "string",
    default: "",
    description: "Class of the Ingress. Default: the default class of the cluster. Only with argocdRoute ingress.",
  },
  argocdCertIssuer: {
    type: "string",
    default: "",
    description:
      "ClusterIssuer of cert-manager that makes the certificate of the Ingress. Default: none, it is in the Secret argocd-server-tls, or the Ingress controller brings its own. Only with argocdRoute ingress.",
  },
  argocdGateway: {
    type: "string",
    default: "",
    description:
      "Gateway of the HTTPRoute, as <namespace>/<name> or <namespace>/<name>/<listener>; its listener has the certificate. Default: none. Required with argocdRoute httproute.",
  },
  argocdMonitorLabels: {
    type: "array",
    default: [],
    description:
      "Labels of the ServiceMonitors, as <name>=<value>, that the cluster's Prometheus selects them by, such as release=kube-prometheus-stack. ServiceMonitors are made where the cluster has the capability monitoring. Default: none.",
  },
  argocdExclusions: {
    type: "array",
    default: [],
    description:
      "Kinds that Argo CD neither watches nor shows, as <group>/<Kind>, or <Kind> in the core group; * in the group means any, and as the kind all of the group. They are added to those that Argo CD leaves out itself. Default: none.",
  },
} as const satisfies SettingDeclarations;

type InstallationSetting = keyof typeof installationSettings;

interface Source {
  values: Values<InstallationSetting>;
  faults: Faults;
  host: string | undefined;
}

export function parseInstallation(source: Source): Installation {
  const { values } = source;
  const route = parseRoute(source);
  return {
    profile: values.oneOf("argocdProfile", ["standard", "ha"]) ?? "standard",
    networkPolicy: values.oneOf("argocdNetworkPolicy", ["on", "off"]) !== "off",
    ...(route && { route }),
    monitorLabels: parseLabels(source),
    exclusions: parseExclusions(source),
  };
}

function report({ faults }: Source, name: InstallationSetting, what: string, fix: string): void {
  faults.setting(name, "setting-argocd-installation", { message: `${name} ${what}`, fix });
}

function parseRoute(source: Source): Installation["route"] {
  const { values, host } = source;
  const kind = values.oneOf("argocdRoute", ["ingress", "httproute"]);
  const owners = { argocdIngressClass: "ingress", argocdCertIssuer: "ingress", argocdGateway: "httproute" } as const;
  for (const [name, owner] of Object.entries(owners) as [keyof typeof owners, string][]) {
    if (!values.isSet(name) || kind === owner) continue;
    report(source, name, `is for argocdRoute ${owner}`, `remove it, or set argocdRoute to ${owner}`);
  }
  if (kind === undefined) return undefined;
  if (host === undefined)
    report(source, "argocdRoute", "is set without argocdHost", "name the host that leads to Argo CD");
  if (kind === "ingress") {
    const className = nameIn(source, "argocdIngressClass");
    const issuer = nameIn(source, "argocdCertIssuer");
    return { kind, ...(className !== undefined && { className }), ...(issuer !== undefined && { issuer }) };
  }
  const gateway = values.text("argocdGateway");
  const [namespace = "", name = "", listener, ...rest] = gateway?.split("/") ?? [];
  if (gateway === undefined) {
    report(source, "argocdRoute", "is httproute without argocdGateway", "name the Gateway: <namespace>/<name>");
  } else if (![namespace, name, listener ?? "a"].every(isName) || rest.length > 0) {
    report(source, "argocdGateway", `is "${gateway}"`, "give <namespace>/<name> or <namespace>/<name>/<listener>");
  }
  return { kind, namespace, name, ...(listener !== undefined && { listener }) };
}

/** A name of an object, which may have dots. */
const isName = (text: string) => text.length <= 253 && text.split(".").every(isDnsLabel);

function nameIn(source: Source, setting: "argocdIngressClass" | "argocdCertIssuer"): string | undefined {
  const name = source.values.text(setting);
  if (name !== undefined && !isName(name)) report(source, setting, `is "${name}"`, "give the name of the object");
  return name;
}

const labelName = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?)?$/;

function parseLabels(source: Source): Record<string, string> {
  const labels = source.values.list("argocdMonitorLabels").flatMap((text): [string, string][] => {
    const [name = "", value, ...rest] = text.split("=");
    if (value !== undefined && rest.length === 0 && labelName.test(name) && labelValue.test(value))
      return [[name, value]];
    report(
      source,
      "argocdMonitorLabels",
      `has "${text}"`,
      "write <name>=<value>, such as release=kube-prometheus-stack",
    );
    return [];
  });
  return Object.fromEntries(labels);
}

function parseExclusions(source: Source): Exclusion[] {
  return source.values.list("argocdExclusions").flatMap((text) => {
    const [, group = "", kind = ""] = /^(?:([a-z0-9*][-a-z0-9.*]*)\/)?([A-Z][A-Za-z0-9]*|\*)$/.exec(text) ?? [];
    if (kind === "" || (kind === "*" && ["", "*"].includes(group))) {
      report(source, "argocdExclusions", `has "${text}"`, "write <group>/<Kind>, such as cilium.io/CiliumNode");
      return [];
    }
    if (group === "argoproj.io" && ["*", "Application", "ApplicationSet", "AppProject"].includes(kind)) {
      report(
        source,
        "argocdExclusions",
        `has "${text}"`,
        "leave Argo CD's own kinds in: the root of everything is one of them",
      );
      return [];
    }
    return [{ group, kind }];
  });
}
