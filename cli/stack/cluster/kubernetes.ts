import { isDeepStrictEqual } from "node:util";
import { setRefresh } from "../../../model/argocd";
import { argoCdApi } from "../../../model/root";
import { digestOf } from "../../../model/stored";
import { secretsNamespace, stageSecrets } from "../../../model/stage-secrets";
import { apiServer, Refused } from "./api-server";
import { externalSecrets, toWaitingSecret, type RawExternalSecret } from "./external-secret";
import { readFirstPassword } from "./first-password";
import { toFilledSecret, withOldValues, type RawPod, type RawSecret } from "./old-secrets";
import { ownWordsOf } from "./own-words";
import type { Application, ApplicationSet, ClusterReader, Source, Warning } from "./reader";

const admission = "/apis/admissionregistration.k8s.io/v1";
const policyPlurals: Readonly<Record<string, string>> = {
  MutatingAdmissionPolicy: "mutatingadmissionpolicies",
  MutatingAdmissionPolicyBinding: "mutatingadmissionpolicybindings",
  ValidatingAdmissionPolicy: "validatingadmissionpolicies",
  ValidatingAdmissionPolicyBinding: "validatingadmissionpolicybindings",
};
/** Makes the API server leave out what an object holds, such as the values of a Secret. */
const metadataOnly = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
const refreshAnnotation = "argocd.argoproj.io/refresh";

/** Connects to the cluster of a context of a kubeconfig, the current one by default; nothing is sent yet. */
export function connect(kubeconfig: string, context?: string): ClusterReader {
  const { send } = apiServer(kubeconfig, context);
  const listAt = async <T>(path: string): Promise<T[]> => (JSON.parse(await send("GET", path)) as { items: T[] }).items;
  const list = <T>(plural: string): Promise<T[]> => listAt<T>(`${argoCdApi}/${plural}`);
  const patch = async (path: string, body: object): Promise<void> =>
    void (await send("PATCH", `${argoCdApi}/${path}`, JSON.stringify(body)));
  const secretAt = async (namespace: string, name: string): Promise<Record<string, string> | undefined> => {
    const answer = await unlessMissing(send("GET", `/api/v1/namespaces/${namespace}/secrets/${name}`));
    return answer === undefined ? undefined : ((JSON.parse(answer) as { data?: Record<string, string> }).data ?? {});
  };
  const annotated = (annotation: string, value: string) => ({ metadata: { annotations: { [annotation]: value } } });

  return {
    applications: async () => (await list<RawApplication>("applications")).map(toApplication),
    applicationSets: async () => (await list<RawApplicationSet>("applicationsets")).map(toApplicationSet),
    policies: async (kinds) => {
      const lists = kinds.map(async (kind) =>
        (await listAt<RawPolicy>(`${admission}/${policyPlurals[kind]}`)).map(({ metadata, spec }) => {
          return { kind, name: metadata.name, digest: digestOf(spec) };
        }),
      );
      return (await Promise.all(lists)).flat();
    },
    warnings: async (namespace) => {
      const path = `/api/v1/namespaces/${namespace}/events?fieldSelector=${encodeURIComponent("type=Warning")}`;
      return (await listAt<RawEvent>(path)).map(toWarning).sort((a, b) => a.at.getTime() - b.at.getTime());
    },
    ownWords: (healthMessage) => ownWordsOf(send, healthMessage),
    firstPassword: () => unlessMissing(readFirstPassword(send)),
    stageSecretKeys: async () => {
      const data = await secretAt(secretsNamespace, stageSecrets);
      return data && Object.keys(data);
    },
    externalSecrets: async () => {
      const objects = (await unlessMissing(listAt<RawExternalSecret>(externalSecrets))) ?? [];
      return { waiting: objects.flatMap(toWaitingSecret), filled: objects.flatMap(toFilledSecret) };
    },
    oldSecrets: async (filled) => {
      const pods = new Map<string, Promise<RawPod[]>>();
      const looks = filled.map(async (one) => {
        const { namespace, name } = one;
        if (!pods.has(namespace)) pods.set(namespace, listAt<RawPod>(`/api/v1/namespaces/${namespace}/pods`));
        const secret = `/api/v1/namespaces/${namespace}/secrets/${name}`;
        const answer = await unlessMissing(send("GET", secret, undefined, { accept: metadataOnly }));
        return answer === undefined
          ? []
          : withOldValues(one, JSON.parse(answer) as RawSecret, await pods.get(namespace)!);
      });
      return (await Promise.all(looks)).flat();
    },
    refreshApplication: (name) => patch(`applications/${name}`, annotated(refreshAnnotation, "normal")),
    // After an error the annotation stays, and only another value makes the controller look again.
    refreshApplicationSet: (name) => patch(`applicationsets/${name}`, annotated(setRefresh, new Date().toISOString())),
    endOperation: (name) => patch(`applications/${name}`, { status: { operationState: { phase: "Terminating" } } }),
    retrySync: (name) =>
      patch(`applications/${name}`, { ...annotated(refreshAnnotation, "normal"), status: { operationState: null } }),
  };
}

/** What a request gives; `undefined` where the API server does not know the object or its kind. */
async function unlessMissing<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return undefined;
    throw error;
  }
}

interface RawPolicy {
  metadata: RawMetadata;
  spec?: unknown;
}

interface RawMetadata {
  name: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  deletionTimestamp?: string;
  ownerReferences?: { kind: string; name: string }[];
}

interface Sources {
  source?: Source;
  sources?: Source[];
}

interface Revisions {
  revision?: string;
  revisions?: string[];
}

interface RawEvent {
  involvedObject: { kind?: string; name?: string };
  reason?: string;
  message?: string;
  lastTimestamp?: string | null;
  eventTime?: string | null;
  metadata: { creationTimestamp?: string };
}

/** An Application as the API server gives it, as far as the tool looks at it. */
export interface RawApplication {
  metadata: RawMetadata;
  spec?: Sources & { destination?: { namespace?: string } };
  operation?: object;
  status?: {
    sync?: Revisions & { status?: string; comparedTo?: Sources };
    health?: { status?: string; message?: string; lastTransitionTime?: string };
    history?: (Revisions & Sources & { deployedAt: string })[];
    operationState?: {
      phase?: string;
      message?: string;
      finishedAt?: string;
      retryCount?: number;
      syncResult?: Revisions;
      operation?: { sync?: { autoHealAttemptsCount?: number; resources?: { kind: string; name: string }[] } };
    };
    conditions?: { type: string; message: string }[];
    resources?: {
      kind: string;
      name: string;
      status?: string;
      health?: { status?: string; message?: string };
    }[];
  };
}

interface RawApplicationSet {
  metadata: RawMetadata;
  status?: { conditions?: { type: string; status: string; message: string }[] };
}

/** The part of an Application object that the tool looks at. */
export function toApplication({ metadata, spec = {}, operation, status = {} }: RawApplication): Application {
  const { sync = {}, health = {}, operationState, resources: parts = [] } = status;
  const madeBy = metadata.ownerReferences?.find(({ kind }) => kind === "ApplicationSet")?.name;
  const revisions = revisionsIn(sync);
  const sources = sourcesIn(spec);
  const { repoURL, targetRevision } = sources.at(-1) ?? {};
  const healed = healedIn(operationState);
  return {
    name: metadata.name,
    ...(healed && { healed }),
    sync: sync.status || "Unknown",
    health: health.status || "Unknown",
    revisions,
    // The status names an empty `source` beside `sources`, so only the one that the specification uses is compared.
    current:
      spec.sources === undefined
        ? isDeepStrictEqual(sync.comparedTo?.source, spec.source)
        : isDeepStrictEqual(sync.comparedTo?.sources, spec.sources),
    ...(madeBy !== undefined && { madeBy }),
    ...(repoURL !== undefined && { follows: { repoURL, revision: targetRevision ?? "HEAD" } }),
    refreshing: metadata.annotations?.[refreshAnnotation] !== undefined,
    deleting: metadata.deletionTimestamp !== undefined,
    operating: operation !== undefined,
    ...(operationState?.phase !== undefined && { phase: operationState.phase }),
    message: operationState?.message ?? "",
    healthMessage: health.message ?? "",
    conditions: (status.conditions ?? []).map(({ type, message }) => ({ type, message })),
    troubles: parts
      .map((part) => ({
        kind: part.kind,
        name: part.name,
        sync: part.status ?? "Synced",
        health: part.health?.status ?? "Healthy",
        message: part.health?.message ?? "",
      }))
      .filter((part) => part.sync !== "Synced" || part.health !== "Healthy"),
    sources,
    ...(spec.destination?.namespace !== undefined && { namespace: spec.destination.namespace }),
    ...(health.lastTransitionTime !== undefined && { healthSince: new Date(health.lastTransitionTime) }),
    history: (status.history ?? []).map((entry) => {
      return { at: new Date(entry.deployedAt), revisions: revisionsIn(entry), sources: sourcesIn(entry) };
    }),
    ...(operationState?.syncResult !== undefined && {
      operation: { revisions: revisionsIn(operationState.syncResult), retries: operationState.retryCount ?? 0 },
    }),
    applicationSets: parts.filter(({ kind }) => kind === "ApplicationSet").map(({ name }) => name),
  };
}

/** Argo CD counts the syncs that it starts without a new commit, and names what they are about. */
function healedIn(state: NonNullable<RawApplication["status"]>["operationState"]): Application["healed"] {
  const { autoHealAttemptsCount = 0, resources = [] } = state?.operation?.sync ?? {};
  if (autoHealAttemptsCount === 0 || state?.finishedAt === undefined) return undefined;
  return { at: state.finishedAt, resources: resources.map(({ kind, name }) => ({ kind, name })) };
}

/** Beside several revisions, or sources, the field of a single one may be there and be empty. */
function revisionsIn({ revisions, revision }: Revisions): string[] {
  return revisions ?? (revision ? [revision] : []);
}

function sourcesIn({ sources, source }: Sources): Source[] {
  return sources ?? (source === undefined ? [] : [source]);
}

function toWarning({ involvedObject, reason = "", message = "", ...times }: RawEvent): Warning {
  const { kind = "", name = "" } = involvedObject;
  const at = new Date(times.lastTimestamp ?? times.eventTime ?? times.metadata.creationTimestamp ?? 0);
  return { kind, name, reason, message, at };
}

/** The part of an ApplicationSet object that the tool looks at. */
export function toApplicationSet({ metadata, status = {} }: RawApplicationSet): ApplicationSet {
  const isTrue = (type: string) => status.conditions?.find((each) => each.type === type && each.status === "True");
  const error = isTrue("ErrorOccurred")?.message;
  return {
    name: metadata.name,
    refreshing: metadata.annotations?.[setRefresh] !== undefined,
    upToDate: isTrue("ResourcesUpToDate") !== undefined,
    ...(error !== undefined && { error }),
  };
}
