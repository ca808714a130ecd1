import { capabilityNames } from "../../../model/capabilities";
import { providerNames } from "../../../model/providers";
import type { Command } from "../../command";
import { optionsOf } from "./options";

/** `onebranch new`: writes the files of something new. */
const create: Command = {
  summary: "write the few files of a new app, addon, team, cluster, stage or exception, and check the tree",
  usage: "new app|addon|team|cluster|stage|exception <name> [options]",
  operands: { min: 2, max: 2 },
  options: {
    team: { value: "TEAM", summary: "app: the team that owns it" },
    image: { value: "REPOSITORY:TAG", summary: "app, addon with --kustomize: its image, with a tag or a digest" },
    chart: {
      value: "CHART",
      summary: "app, addon: its chart (default: service, or the one all apps use; the addon's name)",
    },
    kustomize: { summary: "app, addon: a base and an overlay of its own, for Kustomize, instead of a chart" },
    version: {
      value: "VERSION",
      summary:
        "app, addon, exception: exact version of the chart (default: the highest of ours), or of the base (default: 1.0.0)",
    },
    repo: { value: "URL", summary: "addon: repository of a third-party chart" },
    namespace: {
      value: "NAME",
      summary: "app, addon: where it is deployed to; team: its namespace (default: the name)",
    },
    requires: {
      value: "CAPABILITY",
      choices: capabilityNames,
      many: true,
      summary: "app, addon: what a cluster must offer to get it; give it again for more",
    },
    set: {
      value: "KEY=VALUE",
      many: true,
      summary: "app, addon: a value of every stage; exception: a value of the cluster",
    },
    description: { value: "SENTENCE", summary: "team: what it does" },
    reviewer: {
      value: "NAME",
      many: true,
      summary: "team: who reviews its apps, as CODEOWNERS takes it, such as @org/team",
    },
    group: {
      value: "ROLE=GROUP",
      many: true,
      summary: "team: a group of the login that has the role admin, edit or view in its namespaces",
    },
    slack: { value: "CHANNEL", summary: "team: where it is told of its Applications" },
    email: { value: "ADDRESS", summary: "team: whom to write to" },
    stage: { value: "STAGE", summary: "cluster: its stage" },
    ring: { value: "RING", summary: "cluster: its ring, where the stage has rings" },
    region: { value: "REGION", summary: "cluster: its region" },
    provider: { value: "NAME", choices: providerNames, summary: "cluster: where it comes from" },
    "kubernetes-version": {
      value: "VERSION",
      summary: "cluster: such as 1.36 (default: the version of its stage's clusters)",
    },
    domain: { value: "DOMAIN", summary: "cluster: default <name>.<DNS zone of the region>" },
    after: { value: "STAGE", summary: "stage: the stage before it (default: the last one)" },
    approver: { value: "TEAM", many: true, summary: "stage: who approves promotions to it" },
    cluster: { value: "CLUSTER", summary: "exception: the cluster that may differ" },
    pin: { value: "KIND", choices: ["canary", "hold"], summary: "exception: a version of its own instead of values" },
    tag: { value: "TAG", summary: "exception: the image of that pin" },
    owner: { value: "TEAM", summary: "exception: who answers for it" },
    reason: { value: "SENTENCE", summary: "exception: why the stage's values are not enough" },
    ticket: { value: "TICKET", summary: "exception: where its removal is tracked" },
    expires: { value: "DAY", summary: "exception: its last day, YYYY-MM-DD" },
    "dry-run": { summary: "print the files and write nothing" },
  },
  optionsOf,
  examples: [
    {
      line: "onebranch new app cart --team commerce --image ghcr.io/stefanprodan/podinfo:6.9.2 --set replicas=2",
      why: "an app of a team in the first stage; promote brings it to the next",
    },
    {
      line: "onebranch new app shop --kustomize --team commerce --image ghcr.io/stefanprodan/podinfo:6.9.2",
      why: "an app of manifests, with an overlay for each stage",
    },
    {
      line: "onebranch new addon external-dns --repo https://kubernetes-sigs.github.io/external-dns/ --version 1.18.0 --requires nodes",
      why: "an add-on from a third-party chart",
    },
    {
      line: 'onebranch new team payments --description "Cards and invoices" --reviewer @acme/payments --group edit=payments --slack payments-alerts',
      why: "one file: a project, a namespace, quotas and rights in every cluster",
    },
    { line: "onebranch new cluster dev-2 --stage dev --region us-east-1 --provider embedded", why: "a second cluster" },
    {
      line: "onebranch new stage canary --after staging --approver team-platform --dry-run",
      why: "a stage between two others",
    },
    {
      line: 'onebranch new exception guestbook --cluster prod --set replicas=6 --owner team-storefront --reason "A campaign." --ticket OPS-300 --expires 2099-12-31',
      why: "one cluster may differ until a given day",
    },
  ],
  run(input, context) {
    const show = require("./show") as typeof import("./show");
    return show.create(input, context);
  },
};

export { create as new };
