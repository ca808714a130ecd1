import { stringify } from "yaml";
import { policyName } from "../../model/admission/applications";
import { boundaryName } from "../../model/admission/boundary";
import { namespacesName } from "../../model/admission/namespaces";
import type { Identity } from "../../model/identity";
import type { Mapping } from "../../model/mapping";
import type { Notifications } from "../settings/notifications";

/** The Secret that the notifications controller takes tokens from. */
export const notificationSecret = "argocd-notifications-secret";

const secretKeys = { slack: "slack-token", url: "notify-url", token: "notify-token" };

/** The address is a service of its own in Argo CD, so its name alone is the recipient. */
const receiver = "onebranch";

/** What the Secret holds. */
export function notificationKeys({ slack, http }: Notifications): Record<string, string> {
  return {
    ...(slack && { [secretKeys.slack]: slack.token }),
    ...(http && { [secretKeys.url]: http.url }),
    ...(http?.token !== undefined && { [secretKeys.token]: http.token }),
  };
}

/** Something that is worth a message. Conditions are in the language of Argo CD's triggers, details in that of its templates. */
interface Event {
  name: string;
  when: string;
  /** One message for each value of it; absent: one each time the condition becomes true. */
  oncePer?: string;
  headline: string;
  detail: string;
}

const operation = "app.status?.operationState";
const isRefusal = [policyName, boundaryName, namespacesName].map((name) => `# contains '${name}'`).join(" or ");
const messages = [
  `[${operation}?.message ?? '']`,
  `map(${operation}?.syncResult?.resources ?? [], {#.message ?? ''})`,
  // Why an ApplicationSet was refused is in its own health.
  "map(app.status?.resources ?? [], {#.health?.message ?? ''})",
];
const isRefused = messages.map((list) => `any(${list}, {${isRefusal}})`).join(" or ");
const hasFailed = `${operation}?.phase in ['Error', 'Failed']`;

/** An Application of several sources has no revision, only revisions. */
const revision = `[${operation}?.syncResult?.revision, ${operation}?.syncResult?.revisions]`;

/** The messages of what is not healthy, each as `shown` has it. */
const unhealthy = (shown: string) =>
  `{{ range .app.status.resources }}{{ with .health }}{{ if ne .status "Healthy" }}{{ with .message }}${shown}{{ end }}{{ end }}{{ end }}{{ end }}`;

const operationMessage = "{{ with .app.status.operationState }}{{ .message }}{{ end }}";

function events(afterMinutes: number): Event[] {
  const idle = `app.operation == nil and not (${operation}?.phase in ['Running', 'Terminating'])`;
  const finished = `time.Now().Sub(time.Parse(${operation}?.finishedAt)).Minutes() >= ${afterMinutes}`;
  return [
    {
      name: "degraded",
      when: `app.status?.health?.status == 'Degraded' and not (${isRefused})`,
      headline: "is degraded",
      detail: "{{ with .app.status.health.message }}{{ . }}{{ end }}",
    },
    {
      name: "sync-failed",
      when: `${hasFailed} and not (${isRefused})`,
      oncePer: revision,
      headline: "could not be synced",
      detail: operationMessage,
    },
    {
      name: "refused",
      when: `(${hasFailed} or app.status?.health?.status == 'Degraded') and (${isRefused})`,
      oncePer: revision,
      headline:
        "wants what this cluster refuses: files of another stage, region or cluster, what only Pulumi may write, or rights that no team gives",
      detail: `${operationMessage}${unhealthy("\n{{ . }}")}`,
    },
    {
      // A sync that Argo CD starts itself is under way before the status says OutOfSync, so this is not every commit.
      name: "out-of-sync",
      when: `app.status?.sync?.status == 'OutOfSync' and ${idle} and (${operation}?.finishedAt == nil or ${finished})`,
      headline: `is out of sync, and nothing was synced for ${afterMinutes} minutes`,
      detail: "{{ range .app.status.conditions }}{{ .message }} {{ end }}",
    },
  ];
}

/** The values of the chart for the controller that reports; it is not installed where nothing is to be reported. */
export function notificationValues(notifications: Notifications | undefined, identity: Identity, url: string): Mapping {
  if (!notifications) return {};
  const { slack, http, afterMinutes } = notifications;
  const all = events(afterMinutes);
  return {
    // Without it an Application does not say why an ApplicationSet in it is unhealthy.
    configs: { params: { "controller.resource.health.persist": "true" } },
    notifications: {
      enabled: true,
      argocdUrl: url,
      context: { cluster: identity.name, stage: identity.stage, region: identity.region },
      // Pulumi makes it: as a value of the chart it would be in the release's stored manifest.
      secret: { create: false, name: notificationSecret },
      notifiers: {
        ...(slack && { "service.slack": stringify({ token: `$${secretKeys.slack}` }) }),
        ...(http && { [`service.webhook.${receiver}`]: stringify(webhook(http.token !== undefined)) }),
      },
      templates: Object.fromEntries(all.map((event) => [`template.${event.name}`, stringify(template(event), plain)])),
      triggers: Object.fromEntries(all.map((event) => [`trigger.on-${event.name}`, stringify(trigger(event), plain)])),
      subscriptions: [
        {
          recipients: [...(slack ? [`slack:${slack.channel}`] : []), ...(http ? [receiver] : [])],
          triggers: all.map(({ name }) => `on-${name}`),
        },
      ],
    },
  };
}

const plain = { lineWidth: 0 };

function webhook(hasToken: boolean): Mapping {
  const headers = [
    { name: "Content-Type", value: "application/json" },
    ...(hasToken ? [{ name: "Authorization", value: `Bearer $${secretKeys.token}` }] : []),
  ];
  return { url: `$${secretKeys.url}`, headers };
}

function trigger({ name, when, oncePer, headline }: Event): Mapping[] {
  return [
    { description: `The Application ${headline}`, when, ...(oncePer !== undefined && { oncePer }), send: [name] },
  ];
}

const link = "{{ .context.argocdUrl }}/applications/{{ .app.metadata.name }}";

function template({ name, headline, detail }: Event): Mapping {
  return {
    message: `{{ .context.cluster }}: {{ .app.metadata.name }} ${headline}.\n${detail}\n${link}`,
    webhook: { [receiver]: { method: "POST", body: body(name, headline) } },
  };
}

/** A JSON object. What comes from the cluster is quoted by the template. */
function body(event: string, headline: string): string {
  const fact = (path: string) => `{{ ${path} | toJson }}`;
  const fields = {
    event: JSON.stringify(event),
    message: JSON.stringify(headline),
    cluster: fact(".context.cluster"),
    stage: fact(".context.stage"),
    region: fact(".context.region"),
    application: fact(".app.metadata.name"),
    project: fact(".app.spec.project"),
    url: `"${link}"`,
    operation: fact('dig "status" "operationState" "message" "" .app'),
    health: fact('dig "status" "health" "message" "" .app'),
    resources: `[${unhealthy('{{ $comma }}{{ . | toJson }}{{ $comma = "," }}')}]`,
  };
  const pairs = Object.entries(fields).map(([key, value]) => `"${key}": ${value}`);
  return `{{ $comma := "" }}{${pairs.join(", ")}}`;
}
