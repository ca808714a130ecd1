import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import { clusterApi, found, listed, type ClusterApi, type KubeObject } from "../../../infra/cluster/api";
import type { Cluster } from "./cluster";

const group = "external-secrets.io";

/** The two kinds, with everything allowed in them and the status apart, as external-secrets has it. */
const definitions = [definition("ClusterSecretStore", "Cluster"), definition("ExternalSecret", "Namespaced")];

function definition(kind: string, scope: string) {
  const singular = kind.toLowerCase();
  const open = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  const schema = { openAPIV3Schema: { type: "object", properties: { spec: open, status: open } } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${singular}s.${group}` },
    spec: {
      group,
      scope,
      names: { kind, listKind: `${kind}List`, plural: `${singular}s`, singular },
      versions: [{ name: "v1", served: true, storage: true, schema, subresources: { status: {} } }],
    },
  };
}

interface Store {
  metadata: { name: string };
  spec: {
    provider: {
      kubernetes: {
        remoteNamespace: string;
        server: { caProvider: { namespace: string; name: string; key: string } };
        auth: { serviceAccount: { namespace: string; name: string } };
      };
    };
  };
}

interface Wanted {
  metadata: { name: string; namespace: string; uid: string };
  spec: {
    secretStoreRef: { name: string };
    target: { name: string };
    data: { secretKey: string; remoteRef: { key: string; property: string } }[];
  };
}

interface Rule {
  verbs: string[];
  resources: string[];
}

const apply = { contentType: "application/apply-patch+yaml" };
const merge = { contentType: "application/merge-patch+json" };

/**
 * Plays external-secrets, whose images an embedded cluster cannot run: what its provider `kubernetes` does with a store and its
 * ExternalSecrets, with the login that the store names and no other.
 */
export class PlayedExternalSecrets {
  private readonly api: ClusterApi;
  private readonly kubeconfig: { clusters: { cluster: { server: string } }[] };
  private running: Promise<void> | undefined;
  private stopped = false;

  constructor(cluster: Cluster) {
    const text = readFileSync(cluster.kubeconfig, "utf8");
    this.api = clusterApi(text);
    this.kubeconfig = parse(text) as typeof this.kubeconfig;
  }

  async install(): Promise<void> {
    for (const each of definitions) {
      const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${each.metadata.name}`;
      await found(this.api.request("PATCH", `${path}?fieldManager=played`, { ...apply, body: each }));
    }
  }

  /** Works until `stop`, which fails if the work did at last. Like every controller it tries again after an error. */
  start(): void {
    this.stopped = false;
    this.running = (async () => {
      let error: Error | undefined;
      while (!this.stopped) {
        error = await this.look().then(
          () => undefined,
          (reason: Error) => reason,
        );
        await sleep(300);
      }
      if (error !== undefined) throw error;
    })();
    this.running.catch(() => undefined);
  }

  private async look(): Promise<void> {
    const stores = await listed(this.api, `/apis/${group}/v1/clustersecretstores`);
    for (const store of stores) await this.work(store as unknown as Store);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async work({ metadata, spec }: Store): Promise<void> {
    const { remoteNamespace, auth, server } = spec.provider.kubernetes;
    const login = await this.login(auth.serviceAccount, server.caProvider);
    const review = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectRulesReview" };
    const body = { ...review, spec: { namespace: remoteNamespace } };
    const answer = await found(
      login.request("POST", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", { body }),
    );
    const { resourceRules } = answer!.status as { resourceRules: Rule[] };
    const isReady = resourceRules.some(
      ({ verbs, resources }) => resources.includes("secrets") && verbs.includes("get"),
    );
    await this.report(`clustersecretstores/${metadata.name}`, isReady, isReady ? "store validated" : "refused");
    if (!isReady) return;
    const read = (secret: string) =>
      found(login.request("GET", `/api/v1/namespaces/${remoteNamespace}/secrets/${secret}`));
    const all = (await listed(this.api, `/apis/${group}/v1/externalsecrets`)) as unknown as Wanted[];
    for (const wanted of all.filter((one) => one.spec.secretStoreRef.name === metadata.name)) {
      await this.fill(wanted, read);
    }
  }

  /** The API server as the store's service account, and nobody else, sees it. */
  private async login(
    account: { namespace: string; name: string },
    ca: { namespace: string; name: string; key: string },
  ): Promise<ClusterApi> {
    const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
    const path = `/api/v1/namespaces/${account.namespace}/serviceaccounts/${account.name}/token`;
    const { status } = (await found(this.api.request("POST", path, { body: request })))!;
    const map = await found(this.api.request("GET", `/api/v1/namespaces/${ca.namespace}/configmaps/${ca.name}`));
    const authority = (map!.data as Record<string, string>)[ca.key]!;
    const cluster = {
      server: this.kubeconfig.clusters[0]!.cluster.server,
      "certificate-authority-data": Buffer.from(authority).toString("base64"),
    };
    return clusterApi(
      JSON.stringify({
        "current-context": "store",
        contexts: [{ name: "store", context: { cluster: "store", user: "store" } }],
        clusters: [{ name: "store", cluster }],
        users: [{ name: "store", user: { token: (status as { token: string }).token } }],
      }),
    );
  }

  private async fill({ metadata, spec }: Wanted, read: (secret: string) => Promise<KubeObject | undefined>) {
    const { name, namespace, uid } = metadata;
    const own = `namespaces/${namespace}/externalsecrets/${name}`;
    const data: Record<string, string> = {};
    for (const { secretKey, remoteRef } of spec.data) {
      const value = ((await read(remoteRef.key))?.data as Record<string, string> | undefined)?.[remoteRef.property];
      if (value === undefined) return this.report(own, false, "could not get secret data from provider");
      data[secretKey] = value;
    }
    const owner = { apiVersion: `${group}/v1`, kind: "ExternalSecret", name, uid, controller: true };
    const body = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: spec.target.name, namespace, ownerReferences: [owner] },
      data,
    };
    const path = `/api/v1/namespaces/${namespace}/secrets/${spec.target.name}?fieldManager=played&force=true`;
    await found(this.api.request("PATCH", path, { ...apply, body }));
    await this.report(own, true, "secret synced");
  }

  private async report(object: string, ready: boolean, message: string): Promise<void> {
    const reason = ready ? "SecretSynced" : "SecretSyncedError";
    const condition = { type: "Ready", status: ready ? "True" : "False", reason, message };
    const body = { status: { conditions: [condition] } };
    await found(this.api.request("PATCH", `/apis/${group}/v1/${object}/status`, { ...merge, body }));
  }
}
