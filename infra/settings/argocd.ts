import { isMap, parseDocument } from "yaml";
import { isDnsLabel } from "../../model/names";
import type { Faults } from "./faults";
import type { ReadFile } from "./file";
import type { SharedSetting } from "./shared";
import { parseNotifications, type Notifications } from "./notifications";
import { parseSso, type Sso } from "./sso";
import type { Values } from "./values";

/** Which Argo CD is installed where the official chart is used, and what it is told everywhere. */
export interface ArgoCdChoice {
  chart: string;
  chartRepository: string;
  chartVersion: string;
  image?: Image;
  redisImage?: Image;
  /** Chart values that are laid over ours. */
  values?: Readonly<Record<string, unknown>>;
  /** The host name of UI and API; absent: as the provider reaches them. */
  host?: string;
  /** Absent: only admin logs in. */
  sso?: Sso;
  /** Absent: nothing is reported. */
  notifications?: Notifications;
  /** Who may do what: Argo CD's policy.csv. Absent: what Argo CD brings along. */
  policy?: string;
}

/** An image as the chart takes it; a digest stays behind the tag, where container runtimes accept it. */
export interface Image {
  repository: string;
  tag: string;
}

/** Which chart and images the stack asks for. */
export function parseArgoCd(values: Values<SharedSetting>, faults: Faults, read: ReadFile): ArgoCdChoice {
  const image = parseImage("argocdImage", values, faults);
  const redisImage = parseImage("redisImage", values, faults);
  const overlay = parseOverlay(values, faults, read);
  const host = parseHost(values, faults);
  const notifications = parseNotifications({ values, faults });
  const sso = parseSso({ values, faults, read });
  return {
    chart: values.text("argocdChart") ?? "",
    chartRepository: values.text("argocdChartRepo") ?? "",
    chartVersion: values.text("argocdChartVersion") ?? "",
    ...(image ? { image } : {}),
    ...(redisImage ? { redisImage } : {}),
    ...(overlay ? { values: overlay } : {}),
    ...(host !== undefined && { host }),
    ...(sso && { sso }),
    ...(notifications && { notifications }),
  };
}

function parseHost(values: Values<SharedSetting>, faults: Faults): string | undefined {
  const host = values.text("argocdHost");
  const labels = host?.split(".") ?? [];
  if (host === undefined || (labels.length > 1 && labels.every(isDnsLabel))) return host;
  const fix = "give a host name such as argocd.example.org, without https:// and path";
  faults.setting("argocdHost", "setting-argocd-host", { message: `argocdHost is "${host}"`, fix });
  return undefined;
}

function parseImage(
  name: "argocdImage" | "redisImage",
  values: Values<SharedSetting>,
  faults: Faults,
): Image | undefined {
  const text = values.text(name);
  if (text === undefined) return undefined;
  const match = /^([^\s@]+):([\w][\w.-]*(?:@sha256:[0-9a-f]{64})?)$/.exec(text);
  if (match?.[1] && match[2] && !match[2].includes("/")) return { repository: match[1], tag: match[2] };
  faults.setting(name, "setting-image", {
    message: `${name} is "${text}"`,
    fix: "give repository:tag or repository:tag@sha256:<64 hex digits>",
  });
  return undefined;
}

function parseOverlay(
  values: Values<SharedSetting>,
  faults: Faults,
  read: ReadFile,
): Readonly<Record<string, unknown>> | undefined {
  const path = values.text("argocdValues");
  if (path === undefined) return undefined;
  const text = read(path);
  if (text === undefined) {
    faults.setting("argocdValues", "setting-argocd-values", {
      message: `argocdValues names ${path}, which cannot be read`,
      fix: "give the path of a YAML file, from the root of the checkout",
    });
    return undefined;
  }
  const document = parseDocument(text);
  const error = document.errors[0];
  if (error || !isMap(document.contents)) {
    faults.at(path, error?.linePos?.[0].line ?? 1, "setting-argocd-values", {
      message: error ? `not YAML: ${error.message.split("\n")[0]}` : "the chart values are not a map",
      fix: "write the values as the chart's own values.yaml has them",
    });
    return undefined;
  }
  const overlay: unknown = document.toJS();
  return overlay as Record<string, unknown>;
}
