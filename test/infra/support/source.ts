import type { Identity } from "../../../model/identity";
import type { Stage, Tree } from "../../../model/tree";
import { parseSettings, type SettingsSource } from "../../../infra/config";
import type { GitInfo } from "../../../infra/git";
import type { Settings } from "../../../infra/settings/settings";

/** The identities, stages and regions that settings are tested with. */
export function tree(overrides: Partial<Tree> = {}): Tree {
  return {
    clusters: new Map([
      ["dev", identity({})],
      ["staging", identity({ name: "staging", stage: "staging", region: "eu-west-1", compliance: ["gdpr"] })],
      ["prod", identity({ name: "prod", stage: "prod", region: "eu-west-1", provider: "eks", compliance: ["gdpr"] })],
    ]),
    stages: new Map([
      ["dev", stage("dev", 1)],
      ["staging", stage("staging", 2)],
      [
        "prod",
        stage("prod", 3, { applicationsSync: "create-update", preserveResourcesOnDeletion: true, confirmPrune: true }),
      ],
    ]),
    regions: new Map([
      ["us-east-1", { name: "us-east-1", compliance: [], dnsZone: "us.example.org", cloudRegion: "us-east-1" }],
      ["eu-west-1", { name: "eu-west-1", compliance: ["gdpr"], dnsZone: "eu.example.org", cloudRegion: "eu-west-1" }],
    ]),
    registrations: ["metrics-server/v1beta1.metrics.k8s.io"],
    rbac: new Map(),
    teams: { in: "gitops/teams", names: [], known: new Map(), namespaces: [] },
    findings: [],
    ...overrides,
  };
}

export function identity(overrides: Partial<Identity>): Identity {
  return {
    name: "dev",
    stage: "dev",
    region: "us-east-1",
    provider: "kind",
    kubernetesVersion: "1.36",
    domain: "dev.us.example.org",
    capabilities: ["base", "nodes", "storage"],
    compliance: [],
    ...overrides,
  };
}

function stage(name: string, order: number, overrides: Partial<Stage> = {}): Stage {
  return {
    name,
    order,
    rings: [],
    applicationsSync: "sync",
    preserveResourcesOnDeletion: false,
    prune: true,
    confirmPrune: false,
    approvers: [],
    syncWindows: [],
    ...overrides,
  };
}

export const git: GitInfo = {
  branch: "main",
  head: "0123456789012345678901234567890123456789",
  dirty: [],
  origin: "git@git.example.org:platform/onebranch.git",
};

/** A good source with one thing changed. */
export function sourceWith(
  overrides: Partial<SettingsSource> & { files?: Readonly<Record<string, string>> } = {},
): SettingsSource {
  const { files = {}, ...rest } = overrides;
  return { stack: "dev", config: {}, tree: tree(), git, root: "/checkout", read: (path) => files[path], ...rest };
}

/** The settings of a good source with one thing changed. */
export function settingsWith(overrides: Parameters<typeof sourceWith>[0] = {}): Settings {
  return parseSettings(sourceWith(overrides));
}

/** A kubeconfig with two contexts and everything in it. */
export const kubeconfig = `apiVersion: v1
kind: Config
current-context: other
contexts:
  - name: shared
    context: { cluster: shared, user: admin }
  - name: other
    context: { cluster: other, user: other }
clusters:
  - name: shared
    cluster: { server: "https://shared.example.org:6443", certificate-authority-data: Q0E= }
  - name: other
    cluster: { server: "https://other.example.org:6443", certificate-authority-data: T1RIRVI= }
users:
  - name: admin
    user: { token: shared-token }
  - name: other
    user: { token: other-token }
`;

/** The one context that the existing cluster is reached by. */
export const sharedKubeconfig = JSON.stringify({
  apiVersion: "v1",
  kind: "Config",
  "current-context": "shared",
  contexts: [{ name: "shared", context: { cluster: "shared", user: "admin" } }],
  clusters: [
    {
      name: "shared",
      cluster: { server: "https://shared.example.org:6443", "certificate-authority-data": "Q0E=" },
    },
  ],
  users: [{ name: "admin", user: { token: "shared-token" } }],
});
