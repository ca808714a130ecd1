import * as http from "node:http";
import * as https from "node:https";
import { readCredentials } from "../../machine/credentials";

/** An answer of the API server, also one that refuses. */
export interface ApiAnswer {
  status: number;
  /** The body as JSON; for a refusal the `Status` object. */
  body: KubeObject;
}

/** Any object of the Kubernetes API. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata?: KubeMetadata;
  items?: KubeObject[];
  message?: string;
  reason?: string;
  [key: string]: unknown;
}

export interface KubeMetadata {
  name?: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  deletionTimestamp?: string;
  ownerReferences?: { apiVersion?: string; kind: string; name: string; uid: string }[];
  managedFields?: { manager?: string; fieldsV1?: { "f:metadata"?: Record<string, Record<string, unknown>> } }[];
  [key: string]: unknown;
}

export interface ApiRequest {
  body?: unknown;
  /** Default: application/json. */
  contentType?: string;
  /** A user to ask as, which the login must be allowed to impersonate. Default: the login itself. */
  as?: string;
}

/** A PATCH that changes only what the body has; null removes. */
export function mergePatch(body: object): ApiRequest {
  return { body, contentType: "application/merge-patch+json" };
}

/** Sends requests to one cluster. Replaced in tests. */
export interface ClusterApi {
  request(method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE", path: string, request?: ApiRequest): Promise<ApiAnswer>;
}

const requestTimeout = 10_000;

/** The API of the cluster that a kubeconfig's current context names, with the login that the context has. */
export function clusterApi(kubeconfig: string): ClusterApi {
  const { server, options: login } = readCredentials(kubeconfig);
  return {
    async request(method, path, { body, contentType = "application/json", as } = {}) {
      const { headers, ...options } = await login();
      const text = body === undefined ? undefined : JSON.stringify(body);
      return send(
        new URL(server.href.replace(/\/$/, "") + path),
        {
          ...options,
          method,
          timeout: requestTimeout,
          headers: {
            ...headers,
            Accept: "application/json",
            ...(as === undefined ? {} : { "Impersonate-User": as }),
            // Node sends no length with the body of a DELETE, and the server then takes the body for the next request.
            ...(text === undefined
              ? {}
              : { "Content-Type": contentType, "Content-Length": Buffer.byteLength(text).toString() }),
          },
        },
        text,
      );
    },
  };
}

function send(url: URL, options: https.RequestOptions, text: string | undefined): Promise<ApiAnswer> {
  const start = url.protocol === "http:" ? http.request : https.request;
  return new Promise<ApiAnswer>((resolve, reject) => {
    const request = start(url, options, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", reject);
      response.on("end", () => {
        const status = response.statusCode ?? 0;
        const answer = Buffer.concat(parts).toString("utf8");
        try {
          resolve({ status, body: answer === "" ? {} : (JSON.parse(answer) as KubeObject) });
        } catch {
          resolve({ status, body: { message: answer.slice(0, 500) } });
        }
      });
    });
    request.on("timeout", () =>
      request.destroy(new Error(`no answer from ${url.host} within ${requestTimeout / 1000} s`)),
    );
    request.on("error", reject);
    request.end(text);
  });
}

/** The body of an answer that must be a success; `undefined` when the object or its kind is not there. */
export async function found(answer: Promise<ApiAnswer>): Promise<KubeObject | undefined> {
  const { status, body } = await answer;
  if (status === 404) return undefined;
  if (status >= 200 && status < 300) return body;
  throw new Error(`the API server answered ${status}: ${body.message ?? "no reason given"}`);
}

/** The objects of a list; none when the kind is not there. */
export async function listed(api: ClusterApi, path: string): Promise<KubeObject[]> {
  return (await found(api.request("GET", path)))?.items ?? [];
}
