import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { KubernetesObject } from "../../../cli/tree/renderer";
import { clusterApi, found, listed, type ClusterApi, type KubeObject } from "../../../infra/cluster/api";
import { removeCluster } from "../../../infra/providers/embedded/runtime";
import { deletionApproved, waitsForConfirmation } from "../../../model/argocd";
import { Embedded } from "./embedded";
import { eventually } from "./eventually";

export interface LiveApplication extends KubeObject {
  metadata: { name: string; finalizers?: string[] };
  status?: {
    reconciledAt?: string;
    conditions?: { type: string }[];
    operationState?: {
      phase: string;
      message?: string;
      finishedAt?: string;
      syncResult?: { revision: string; resources?: { kind: string; name: string; status?: string }[] };
    };
  };
}

const namespace = "lab";
const unfinished = { metadata: { finalizers: null } };
const applications = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications";
const collections: Record<string, string> = {
  ConfigMap: `/api/v1/namespaces/${namespace}/configmaps`,
  CustomResourceDefinition: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
  Namespace: "/api/v1/namespaces",
};

/** A real Argo CD on an embedded cluster that follows a repository of folders, one for each Application. */
export class ObjectLab {
  private readonly root = mkdtempSync(join(tmpdir(), "onebranch-objects-e2e-"));
  private readonly repository = join(this.root, "repository");
  /** Tests say when Argo CD is to look: a hundred Applications that it compares by itself leave no time for them. */
  private readonly cluster = new Embedded(this.root, "dev", { "argocd-cm": { "timeout.reconciliation": "60s" } });
  private api!: ClusterApi;

  async start(): Promise<void> {
    await this.cluster.start();
    this.api = clusterApi(readFileSync(this.cluster.paths.kubeconfig, "utf8"));
    await this.request("POST", "/api/v1/namespaces", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: namespace },
    });
    execFileSync("git", ["init", "--quiet", "--initial-branch", "main", this.repository]);
  }

  async remove(): Promise<void> {
    await removeCluster(this.root, "dev");
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Commits one folder for each Application with these objects and no others; returns the commit. */
  commit(folders: ReadonlyMap<string, readonly object[]>): string {
    for (const [folder, objects] of folders) {
      const path = join(this.repository, folder, "objects.yaml");
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, objects.map((object) => `---\n${JSON.stringify(object)}\n`).join(""));
    }
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=e2e", "-c", "user.email=e2e@onebranch.test", ...args], {
        cwd: this.repository,
        encoding: "utf8",
      }).trim();
    git("add", "--all");
    git("commit", "--quiet", "--message", "objects");
    return git("rev-parse", "HEAD");
  }

  /** Makes the Application of a folder. */
  async deploy(
    name: string,
    spec: { prune?: boolean; syncOptions?: string[]; finalizers?: string[]; retries?: number },
  ): Promise<void> {
    const { prune = true, syncOptions = [], finalizers = [], retries = 0 } = spec;
    const retry = { limit: retries, backoff: { duration: "1s" } };
    await this.request("POST", applications, {
      ...{ apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: { name, finalizers } },
      spec: {
        project: "default",
        source: { repoURL: `file://${this.repository}`, path: name, targetRevision: "main" },
        destination: { server: "https://kubernetes.default.svc", namespace },
        syncPolicy: { automated: { prune }, syncOptions, retry },
      },
    });
  }

  /** Lets Argo CD look at the repository again. */
  async refresh(names: readonly string[]): Promise<void> {
    for (const name of names) await this.annotate(name, { "argocd.argoproj.io/refresh": "normal" });
  }

  /** Says yes to what an Application asks. */
  async confirm(names: readonly string[]): Promise<void> {
    // The time has whole seconds, and must not be before the question.
    const now = new Date(Date.now() + 1000).toISOString().replace(/\.\d+/, "");
    for (const name of names) await this.annotate(name, { [deletionApproved]: now });
  }

  private annotate(name: string, annotations: Record<string, string>): Promise<unknown> {
    return this.request("PATCH", `${applications}/${name}`, { metadata: { annotations } });
  }

  async delete(names: readonly string[]): Promise<void> {
    for (const name of names) await this.request("DELETE", `${applications}/${name}`);
  }

  /** Deletes every Application and leaves their objects: Argo CD goes on to compare those that are there. */
  async forget(): Promise<void> {
    for (const { metadata } of await this.applications("")) {
      if (metadata.finalizers?.length) await this.request("PATCH", `${applications}/${metadata.name}`, unfinished);
      await this.delete([metadata.name]);
    }
  }

  async applications(prefix: string): Promise<LiveApplication[]> {
    const all = (await listed(this.api, applications)) as LiveApplication[];
    return all.filter(({ metadata }) => metadata.name.startsWith(prefix));
  }

  /** Waits until each Application whose name begins so is done with a commit, or waits for somebody; returns them. */
  async synced(prefix: string, commit: string): Promise<LiveApplication[]> {
    let all: LiveApplication[] = [];
    await eventually(
      async () => {
        all = await this.applications(prefix);
        const late = all.filter(({ status }) => {
          if (isIncomparable({ status })) return false;
          const { phase, message = "", syncResult } = status?.operationState ?? {};
          return syncResult?.revision !== commit || (phase === "Running" && !asksFor(message));
        });
        const names = late.map(({ metadata, status }) => `${metadata.name} (${status?.operationState?.message})`);
        return { holds: all.length > 0 && late.length === 0, message: `should be done: ${names.join(", ")}` };
      },
      480,
      1000,
    );
    return all;
  }

  /** What is there of an object; undefined when it is gone, or on its way. */
  async live({ kind, metadata }: KubernetesObject): Promise<KubeObject | undefined> {
    const object = await found(this.api.request("GET", `${collections[kind]}/${metadata.name}`));
    return object?.metadata?.deletionTimestamp === undefined ? object : undefined;
  }

  private async request(method: "POST" | "PATCH" | "DELETE", path: string, body?: object): Promise<void> {
    const contentType = method === "PATCH" ? "application/merge-patch+json" : undefined;
    const answer = await this.api.request(method, path, { ...(body && { body }), ...(contentType && { contentType }) });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body.message}`);
  }
}

/** Whether Argo CD could not compare an Application with its commit, and so syncs nothing of it. */
export function isIncomparable({ status }: Pick<LiveApplication, "status">): boolean {
  return status?.conditions?.some(({ type }) => type === "ComparisonError") === true;
}

/** Whether the message of a running sync says that it waits for somebody. */
export function asksFor(message: string): boolean {
  return message.toLowerCase().startsWith(waitsForConfirmation);
}
