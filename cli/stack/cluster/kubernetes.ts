import { Agent, request, type RequestOptions } from "node:https";
import { isDeepStrictEqual } from "node:util";
import { firstPassword } from "../../../model/access";
import { setRefresh } from "../../../model/argocd";
import { argoCdApi, argoCdNamespace } from "../../../model/root";
import { digestOf } from "../../../model/stored";
import { readCredentials } from "../../../machine/credentials";
import type { Application, ApplicationSet, ClusterReader } from "./reader";

const admission = "/apis/admissionregistration.k8s.io/v1";
const policyPlurals: Readonly<Record<string, string>> = {
  MutatingAdmissionPolicy: "mutatingadmissionpolicies",
  MutatingAdmissionPolicyBinding: "mutatingadmissionpolicybindings",
  ValidatingAdmissionPolicy: "validatingadmissionpolicies",
  ValidatingAdmissionPolicyBinding: "validatingadmissionpolicybindings",
};
const refreshAnnotation = "argocd.argoproj.io/refresh";
/** Longer than any answer of a working API server, in milliseconds: a frozen one must not hang the tool. */
const answerTimeout = 10_000;

/** Connects to the cluster of a context of a kubeconfig, the current one by default; nothing is sent yet. */
export function connect(kubeconfig: string, context?: string): ClusterReader {
  const { server, options } = readCredentials(kubeconfig, context);
  let prepared: Promise<RequestOptions> | undefined;

  const send = async (method: string, path: string, body?: string): Promise<string> => {
    prepared ??= options().then((found) => ({ agent: new Agent({ keepAlive: true }), ...found }));
    const { headers, ...rest } = await prepared;
    const type = body === undefined ? {} : { "content-type": "application/merge-patch+json" };
    return answerOf(new URL(path, server), { ...rest, method, headers: { ...headers, ...type } }, body);
  };
  const listAt = async <T>(path: string): Promise<T[]> => (JSON.parse(await send("GET", path)) as { items: T[] }).items;
  const list = <T>(plural: string): Promise<T[]> => listAt<T>(`${argoCdApi}/${plural}`);
  const patch = async (path: string, body: object): Promise<void> =>
    void (await send("PATCH", `${argoCdApi}/${path}`, JSON.stringify(body)));
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
    firstPassword: async () => {
      const { secret, key } = firstPassword;
      try {
        const answer = await send("GET", `/api/v1/namespaces/${argoCdNamespace}/secrets/${secret}`);
        const { data = {} } = JSON.parse(answer) as { data?: Record<string, string> };
        return data[key] === undefined ? undefined : Buffer.from(data[key], "base64").toString();
      } catch (error) {
        if (error instanceof Refused && error.status === 404) return undefined;
        throw error;
      }
    },
    refreshApplication: (name) => patch(`applications/${name}`, annotated(refreshAnnotation, "normal")),
    // After an error the annotation stays, and only another value makes the controller look again.
    refreshApplicationSet: (name) => patch(`applicationsets/${name}`, annotated(setRefresh, new Date().toISOString())),
    endOperation: (name) => patch(`applications/${name}`, { status: { operationState: { phase: "Terminating" } } }),
    retrySync: (name) =>
      patch(`applications/${name}`, { ...annotated(refreshAnnotation, "normal"), status: { operationState: null } }),
  };
}

/** The API server answered, but did not do what it was asked for. */
class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(`the API server answered ${status}: ${message}`);
  }
}

function answerOf(url: URL, options: RequestOptions, body?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...options, timeout: answerTimeout }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        const { statusCode = 0 } = response;
        if (statusCode >= 200 && statusCode < 300) resolve(text);
        else reject(new Refused(statusCode, messageOf(text)));
      });
    });
    sent.on("timeout", () =>
      sent.destroy(new Error(`the API server gives no answer within ${answerTimeout / 1000} s`)),
    );
    sent.on("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "ECONNREFUSED" ? new Error("the API server does not answer", { cause: error }) : error),
    );
    sent.end(body);
  });
}

function messageOf(body: string): string {
  try {
    return (JSON.parse(body) as { message?: string }).message ?? body;
  } catch {
    return body.slice(0, 200);
  }
}

interface RawPolicy {
  metadata: RawMetadata;
  spec?: unknown;
}

interface RawMetadata {
  name: string;
  annotations?: Record<string, string>;
  deletionTimestamp?: string;
  ownerReferences?: { kind: string; name: string }[];
}

interface Sources {
  source?: Partial<RawSource>;
  sources?: Partial<RawSource>[];
}

interface RawSource {
  repoURL: string;
  targetRevision: string;
}

interface RawApplication {
  metadata: RawMetadata;
  spec?: Sources;
  operation?: object;
  status?: {
    sync?: { status?: string; revision?: string; revisions?: string[]; comparedTo?: Sources };
    health?: { status?: string; message?: string };
    operationState?: { phase?: string; message?: string };
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
  const revisions = sync.revisions ?? (sync.revision ? [sync.revision] : []);
  const { repoURL, targetRevision } = spec.sources?.at(-1) ?? spec.source ?? {};
  return {
    name: metadata.name,
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
    applicationSets: parts.filter(({ kind }) => kind === "ApplicationSet").map(({ name }) => name),
  };
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
