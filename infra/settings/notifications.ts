import { hiddenValue } from "../../model/hidden-value";
import type { SettingDeclarations } from "./declaration";
import type { Faults } from "./faults";
import type { Values } from "./values";

/** Where Argo CD reports what went wrong. */
export interface Notifications {
  slack?: {
    /** Secret. */
    token: string;
    channel: string;
  };
  http?: {
    /** Secret: such addresses often carry a token. */
    url: string;
    /** Secret. */
    token?: string;
  };
  /** How long an Application is out of sync before that is reported. */
  afterMinutes: number;
}

export const notificationSettings = {
  argocdNotifySlackToken: {
    type: "string",
    default: "",
    secret: true,
    description:
      "Token of the Slack app that reports what goes wrong (xoxb-...); set it with `pulumi config set --secret`. Default: none, nothing is reported to Slack. Needs argocdNotifySlackChannel.",
  },
  argocdNotifySlackChannel: {
    type: "string",
    default: "",
    description: "Channel that Slack shows it in; the app must be a member. Default: none.",
  },
  argocdNotifyUrl: {
    type: "string",
    default: "",
    secret: true,
    description:
      "Address that gets what goes wrong as JSON by POST; set it with `pulumi config set --secret`, because such addresses often carry a token. Default: none.",
  },
  argocdNotifyUrlToken: {
    type: "string",
    default: "",
    secret: true,
    description:
      "Token that is sent there as `Authorization: Bearer`; set it with `pulumi config set --secret`. Default: none. Needs argocdNotifyUrl.",
  },
  argocdNotifyAfterMinutes: {
    type: "integer",
    default: 0,
    least: 1,
    most: 10080,
    description:
      "Minutes that an Application is out of sync, while nothing syncs it, until that is reported, 1 to 10080. Default (0): 30.",
  },
} as const satisfies SettingDeclarations;

type NotificationSetting = keyof typeof notificationSettings;

interface Source {
  values: Values<NotificationSetting>;
  faults: Faults;
}

/** `undefined` where nothing is to be reported. */
export function parseNotifications({ values, faults }: Source): Notifications | undefined {
  const report = (name: NotificationSetting, what: string, fix: string) =>
    faults.setting(name, "setting-argocd-notify", { message: `${name} ${what}`, fix });
  const needs = (name: NotificationSetting, other: NotificationSetting) => {
    if (values.isSet(name) && !values.isSet(other)) report(name, `is set without ${other}`, "set both, or neither");
  };
  needs("argocdNotifySlackToken", "argocdNotifySlackChannel");
  needs("argocdNotifySlackChannel", "argocdNotifySlackToken");
  needs("argocdNotifyUrlToken", "argocdNotifyUrl");
  const channel = values.text("argocdNotifySlackChannel")?.replace(/^#/, "");
  if (channel !== undefined && !/^[\p{L}\p{N}_-]+$/u.test(channel)) {
    report(
      "argocdNotifySlackChannel",
      `is "${channel}"`,
      "give the name of a channel, such as platform-alerts, or its id",
    );
  }
  const url = values.text("argocdNotifyUrl");
  if (url !== undefined && !isAddress(url)) {
    // The value is a secret, so it is not repeated.
    report("argocdNotifyUrl", "is not an address", "give https://... or http://...");
  }
  const slackToken = values.text("argocdNotifySlackToken");
  const slack = slackToken !== undefined && channel !== undefined ? { token: slackToken, channel } : undefined;
  const token = values.text("argocdNotifyUrlToken");
  const http = url === undefined ? undefined : { url, ...(token !== undefined && { token }) };
  if (!slack && !http) {
    if (values.isSet("argocdNotifyAfterMinutes")) {
      report(
        "argocdNotifyAfterMinutes",
        "is set, and nothing is reported anywhere",
        "set argocdNotifySlackToken or argocdNotifyUrl too",
      );
    }
    return undefined;
  }
  return {
    ...(slack && { slack }),
    ...(http && { http }),
    afterMinutes: values.integer("argocdNotifyAfterMinutes") ?? 30,
  };
}

function isAddress(text: string): boolean {
  return text === hiddenValue || (/^https?:\/\/\S+$/.test(text) && URL.canParse(text));
}
