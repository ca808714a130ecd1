import assert from "node:assert/strict";
import { git, identity, tree } from "./support/source";
import { refusal, type Change } from "./support/refusal";

describe("settings that are refused", () => {
  const faults: { title: string; change: Change; message: string }[] = [
    {
      title: "an unknown key, with the nearest name",
      change: { config: { kindPrt: "1" } },
      message: "kindPrt is not a setting of a stack; did you mean kindPort?",
    },
    {
      title: "an unknown key, at its line",
      change: {
        config: { kindPrt: "1" },
        files: { "Pulumi.dev.yaml": "config:\n  # a comment\n  onebranch:kindPrt: 1\n" },
      },
      message: "Pulumi.dev.yaml:3: kindPrt is not a setting of a stack; did you mean kindPort? [setting-unknown]",
    },
    {
      title: "an unknown provider",
      change: { config: { provider: "kindd" } },
      message: 'provider is "kindd"; use "kind" (allowed: eks, embedded, existing, kind)',
    },
    {
      title: "a stack without cluster.yaml, with the nearest name",
      change: { stack: "stagin" },
      message:
        'the stack stagin matches no cluster: gitops/clusters/stagin/cluster.yaml is missing; use "staging" (allowed: dev, prod, staging)',
    },
    {
      title: "a stack like no other without cluster.yaml",
      change: { stack: "pr-123" },
      message:
        "the stack pr-123 matches no cluster: gitops/clusters/pr-123/cluster.yaml is missing; use one of: dev, prod, staging, write that file, or name the cluster whose identity an ephemeral stack takes: pulumi config set from <cluster>",
    },
    {
      title: "a stack name that is not a DNS label",
      change: { stack: "Dev_1" },
      message:
        'the stack name "Dev_1" is not a DNS label (lowercase letters, digits and inner dashes, at most 63 characters); call it dev-1',
    },
    {
      title: "a stack name that is too long for the host name of a kind node",
      change: { stack: "a".repeat(40), config: { from: "dev" } },
      message: `the stack name ${"a".repeat(40)} has 40 characters; the host name of its kind node would be too long; use at most 39`,
    },
    {
      title: "from naming no cluster",
      change: { stack: "pr-1", config: { from: "prd" } },
      message:
        'from is "prd", but gitops/clusters/prd/cluster.yaml is missing; use "prod" (allowed: dev, prod, staging)',
    },
    {
      title: "from in a stack that has its own cluster.yaml",
      change: { config: { from: "prod" } },
      message:
        "the stack dev has its own cluster.yaml, so it cannot take the identity of prod; remove `from`, or give the ephemeral stack another name",
    },
    {
      title: "an end that is not a moment",
      change: { stack: "pr-1", config: { from: "dev", expires: "2026-12-01" } },
      message:
        'expires is "2026-12-01", which is not a moment with date, time and time zone; give it as 2026-12-01T18:00:00Z',
    },
    {
      title: "an end on a day that no calendar has",
      change: { stack: "pr-1", config: { from: "dev", expires: "2026-02-30T18:00:00Z" } },
      message:
        'expires is "2026-02-30T18:00:00Z", which is not a moment with date, time and time zone; give it as 2026-12-01T18:00:00Z',
    },
    {
      title: "an end of a stack that stays",
      change: { config: { expires: "2099-12-01T18:00:00Z" } },
      message:
        "expires is set, but the stack takes no other cluster's identity, so it is one that stays; name the cluster whose identity it takes (pulumi config set from <cluster>), or remove expires",
    },
    {
      title: "an ephemeral stack whose time ran out, at the line of its end",
      change: {
        stack: "pr-1",
        config: { from: "dev", expires: "2026-03-04T18:00:00Z" },
        now: new Date("2026-03-06T19:30:00Z"),
        files: { "Pulumi.pr-1.yaml": "config:\n  onebranch:from: dev\n  onebranch:expires: 2026-03-04T18:00:00Z\n" },
      },
      message:
        "Pulumi.pr-1.yaml:3: the time of pr-1 ran out 2 d 1 h ago (2026-03-04T18:00:00Z); renew it: onebranch up pr-1 --ttl 4h, or pulumi config set expires <moment>; or remove it: onebranch destroy pr-1 [setting-expires]",
    },
    {
      title: "a Kubernetes version without a pinned node image",
      change: {
        tree: tree({ clusters: new Map([["dev", identity({ kubernetesVersion: "1.34" })]]) }),
        files: { "gitops/clusters/dev/cluster.yaml": 'kubernetesVersion: "1.34"\n' },
      },
      message:
        "gitops/clusters/dev/cluster.yaml:1: kubernetesVersion is 1.34, which the provider kind cannot give; use 1.35 or 1.36, or set kindNodeImage [setting-kubernetes-version]",
    },
    {
      title: "a setting of another provider",
      change: { config: { kubeconfig: "/home/me/.kube/config" } },
      message:
        "kubeconfig means nothing for the provider kind, only for existing; remove it: pulumi config rm kubeconfig",
    },
    {
      title: "a port that is none",
      change: { config: { kindPort: "80" } },
      message: 'kindPort is "80"; give a whole number from 1024 to 65535',
    },
    {
      title: "a port that is not a number",
      change: { config: { kindPort: "1e4" } },
      message: 'kindPort is "1e4"; give a whole number from 1024 to 65535',
    },
    {
      title: "a port that another kind cluster of the tree claims, with both owners",
      change: {
        config: { kindPort: "9000" },
        files: {
          "Pulumi.dev.yaml": "config:\n  onebranch:kindPort: 9000\n",
          "Pulumi.staging.yaml": "config:\n  onebranch:pollSeconds: 9\n  onebranch:kindPort: 9000\n",
        },
      },
      message:
        "Pulumi.dev.yaml:2: the kind clusters dev and staging (Pulumi.staging.yaml:3) both claim port 9000; give one of them another: pulumi config set kindPort <port> [setting-kind-port]",
    },
    {
      title: "a time between two looks that is too long",
      change: { config: { pollSeconds: "86400" } },
      message: 'pollSeconds is "86400"; give a whole number from 1 to 3600',
    },
    {
      title: "an image without tag",
      change: { config: { argocdImage: "localhost:5000/argocd" } },
      message: 'argocdImage is "localhost:5000/argocd"; give repository:tag or repository:tag@sha256:<64 hex digits>',
    },
    {
      title: "a list that is none",
      change: { config: { kindLoadImages: "[1]" } },
      message: "kindLoadImages is [1]; give a list of texts",
    },
    {
      title: "chart values that are not there",
      change: { config: { argocdValues: "lab.yaml" } },
      message:
        "argocdValues names lab.yaml, which cannot be read; give the path of a YAML file, from the root of the checkout",
    },
    {
      title: "chart values that are not YAML, at their line",
      change: { config: { argocdValues: "lab.yaml" }, files: { "lab.yaml": "a: 1\nb: [\n" } },
      message:
        "lab.yaml:3: not YAML: Flow sequence in block collection must be sufficiently indented and end with a ] at line 3, column 1:; write the values as the chart's own values.yaml has them [setting-argocd-values]",
    },
    {
      title: "a repository that is none",
      change: { config: { repoURL: "./here" } },
      message:
        'repoURL "./here" is not an address of a Git repository; give https://..., ssh://..., git@host:path or file:///...',
    },
    {
      title: "a password inside the address",
      change: { config: { repoURL: "https://me:secret@git.example.org/x.git" } },
      message:
        "repoURL carries a password; set repoUsername, and repoPassword with `pulumi config set --secret repoPassword`",
    },
    {
      title: "a password without a user",
      change: { config: { repoPassword: "x" } },
      message: "repoPassword is set without repoUsername; set both, or neither",
    },
    {
      title: "a password in plain text, which the message does not repeat",
      change: {
        config: { repoUsername: "me", repoPassword: "hunter2" },
        files: { "Pulumi.dev.yaml": "config:\n  onebranch:repoPassword: hunter2\n" },
      },
      message:
        "Pulumi.dev.yaml:2: repoPassword is in plain text; change it where it came from, then store it encrypted: pulumi config set --secret repoPassword [setting-secret]",
    },
    {
      title: "a linked worktree on kind",
      change: { git: { ...git, outsideGitDir: "/elsewhere/.git" } },
      message:
        "this checkout is a linked worktree: its objects lie in /elsewhere/.git, outside what kind mounts; use a clone of its own, or set repoURL",
    },
  ];
  for (const { title, change, message } of faults) {
    it(title, () => assert.equal(refusal(change), message));
  }

  it("everything at once, files first", () => {
    const findings = [
      {
        rule: "unknown-region" as const,
        severity: "error" as const,
        file: "gitops/clusters/dev/cluster.yaml",
        line: 3,
        message: 'region "mars" does not exist',
        fix: "use one of: eu-west-1, us-east-1, or add gitops/regions/mars.yaml",
      },
    ];
    const change: Change = {
      tree: tree({ clusters: new Map(), findings }),
      config: { provider: "docker", kindPort: "1", typo: "1" },
      files: { "Pulumi.dev.yaml": "config:\n  onebranch:typo: 1\n  onebranch:provider: docker\n" },
    };
    assert.deepEqual(refusal(change).split("\n"), [
      "Pulumi.dev.yaml:2: typo is not a setting of a stack; docs/reference/settings.md lists the settings [setting-unknown]",
      'Pulumi.dev.yaml:3: provider is "docker"; use one of: eks, embedded, existing, kind [setting-provider]',
      'gitops/clusters/dev/cluster.yaml:3: region "mars" does not exist; use one of: eu-west-1, us-east-1, or add gitops/regions/mars.yaml [unknown-region]',
      'kindPort is "1"; give a whole number from 1024 to 65535',
    ]);
  });
});
