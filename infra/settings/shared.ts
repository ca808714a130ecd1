import { isLocal, providerNames, providers } from "../../model/providers";
import { argocdChart } from "../versions";
import type { SettingDeclarations } from "./declaration";
import { installationSettings } from "./installation";
import { notificationSettings } from "./notifications";
import { roleSettings } from "./roles";
import { ssoSettings } from "./sso";

const list = new Intl.ListFormat("en-GB", { style: "long", type: "disjunction" });
const sources = providerNames.map((name) => `${name} (${providers[name].summary})`);
const locals = providerNames.filter(isLocal);

/** The settings that mean the same for every provider. */
export const generalSettings = {
  provider: {
    type: "string",
    default: "",
    description: `Where the cluster comes from: ${list.format(sources)}. Default: \`provider\` of the cluster's cluster.yaml.`,
  },
  from: {
    type: "string",
    default: "",
    description:
      "For an ephemeral stack such as pr-123 that has no cluster.yaml: the cluster whose identity it takes, for example dev. Default: none.",
  },
  expires: {
    type: "string",
    default: "",
    description:
      "When the time of an ephemeral stack runs out, as 2026-12-01T18:00:00Z: from then on `up` is refused, and `onebranch sweep` destroys it. `onebranch up --ttl 4h` sets it. Default: never.",
  },
  repoURL: {
    type: "string",
    default: "",
    description: `Git repository that Argo CD follows, as the cluster reaches it (https://, ssh:// or file://). Default: this checkout on ${locals.join(" and ")}, the https address of the remote \`origin\` elsewhere.`,
  },
  revision: {
    type: "string",
    default: "",
    description: "Branch, tag or commit that Argo CD follows. Default: the branch of the checkout, HEAD when detached.",
  },
  repoUsername: {
    type: "string",
    default: "",
    description: "User name for repoURL. Default: none, the repository is read without login.",
  },
  repoPassword: {
    type: "string",
    default: "",
    secret: true,
    description:
      "Password or token for repoURL; set it with `pulumi config set --secret`. Default: none. Needs repoUsername.",
  },
  repoSshKey: {
    type: "string",
    default: "",
    secret: true,
    description:
      "Private key that reads repoURL over SSH, best a read-only deploy key of this stack alone; set it with `pulumi config set --secret`. Default: none. Needs an SSH address as repoURL.",
  },
  pollSeconds: {
    type: "integer",
    default: 0,
    least: 1,
    most: 3600,
    // declarations.ts adds the default of each provider.
    description: "Seconds between two looks of Argo CD at the repository, 1 to 3600.",
  },
  argocdHost: {
    type: "string",
    default: "",
    description:
      "Host name of Argo CD's UI and API, for the login and for links. Default: none, the address that the provider gives.",
  },
  ...ssoSettings,
  ...roleSettings,
  ...notificationSettings,
  ...installationSettings,
} as const satisfies SettingDeclarations;

/** The settings of the official Argo CD chart, for the providers that use it. */
export const chartSettings = {
  argocdChart: {
    type: "string",
    default: argocdChart.name,
    description: `Argo CD chart: its name in argocdChartRepo, an oci:// address, or the path of a .tgz file. Default: ${argocdChart.name}.`,
  },
  argocdChartRepo: {
    type: "string",
    default: argocdChart.repository,
    description: `Address of the chart repository, for mirrors; not used for a .tgz file or oci://. Default: ${argocdChart.repository}.`,
  },
  argocdChartVersion: {
    type: "string",
    default: argocdChart.version,
    description: `Exact version of the Argo CD chart; not used for a .tgz file. Default: ${argocdChart.version} (Argo CD ${argocdChart.appVersion}).`,
  },
  argocdImage: {
    type: "string",
    default: "",
    description: "Argo CD image as repository:tag or repository:tag@sha256:..., for mirrors. Default: the chart's own.",
  },
  redisImage: {
    type: "string",
    default: "",
    description: "Redis image as repository:tag or repository:tag@sha256:..., for mirrors. Default: the chart's own.",
  },
  argocdValues: {
    type: "string",
    default: "",
    description:
      "Path of a YAML file, from the root of the checkout, with chart values laid over the program's own. Default: none.",
  },
} as const satisfies SettingDeclarations;

/** For the providers whose clusters are emptied first when the stack is destroyed. */
export const drainSettings = {
  drainSeconds: {
    type: "integer",
    default: 0,
    least: 30,
    most: 7200,
    description:
      "Seconds that `destroy` takes at most to empty the cluster, before it fails and names what is left, 30 to 7200. Default (0): 900.",
  },
} as const satisfies SettingDeclarations;

/** Name of a setting that no single provider owns. */
export type SharedSetting = keyof typeof generalSettings | keyof typeof chartSettings | keyof typeof drainSettings;
