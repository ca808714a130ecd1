import { readFileSync } from "node:fs";
import { clusterApi, listed, type ApiAnswer, type ClusterApi, type KubeObject } from "../../../infra/cluster/api";

const collections: Record<string, string> = {
  Secret: "/api/v1/namespaces/NAMESPACE/secrets",
  Application: "/apis/argoproj.io/v1alpha1/namespaces/NAMESPACE/applications",
  ApplicationSet: "/apis/argoproj.io/v1alpha1/namespaces/NAMESPACE/applicationsets",
  AppProject: "/apis/argoproj.io/v1alpha1/namespaces/NAMESPACE/appprojects",
  ValidatingAdmissionPolicy: "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies",
  ValidatingAdmissionPolicyBinding: "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings",
};

export type Kind = keyof typeof collections;

/**
 * What a comparison writes and reads, asked of the API server itself: hundreds of trees ask thousands of times, and each
 * start of kubectl takes longer than everything that is compared.
 */
export class Objects {
  private readonly api: ClusterApi;

  constructor(kubeconfig: string) {
    this.api = clusterApi(readFileSync(kubeconfig, "utf8"));
  }

  /** The version of Kubernetes with its patch release, such as 1.36.1. */
  async version(): Promise<string> {
    const answer = await this.api.request("GET", "/version");
    succeed(answer, "/version");
    return (answer.body as unknown as { gitVersion: string }).gitVersion.replace(/^v/, "");
  }

  list<T extends object = KubeObject>(kind: Kind, selector = ""): Promise<T[]> {
    return listed(this.api, `${collection(kind)}?labelSelector=${encodeURIComponent(selector)}`) as Promise<T[]>;
  }

  /** Writes objects; of two with the same name the last one counts. */
  async apply(objects: readonly object[]): Promise<void> {
    const last = new Map(objects.map((object) => [addressOf(object), object]));
    const query = "fieldManager=oracle&force=true&fieldValidation=Strict";
    const contentType = "application/apply-patch+yaml";
    await all([...last], async ([address, body]) =>
      succeed(await this.api.request("PATCH", `${address}?${query}`, { body, contentType }), address),
    );
  }

  /** Deletes objects, those that wait for a finalizer too: no controller runs that would do what it asks for. */
  async remove(kind: Kind, objects: readonly KubeObject[]): Promise<void> {
    await all(objects, async (object) => {
      const address = addressOf({ ...object, kind });
      if (object.metadata?.finalizers?.length) {
        const body = { metadata: { finalizers: null } };
        const contentType = "application/merge-patch+json";
        succeed(await this.api.request("PATCH", address, { body, contentType }), address, 404);
      }
      succeed(await this.api.request("DELETE", address), address, 404);
    });
  }

  /** What the API server says to an object that is not written. */
  async dryRun(object: object): Promise<string> {
    const { kind, metadata } = object as KubeObject;
    const path = `${collection(kind!, metadata?.namespace)}?dryRun=All`;
    const { status, body } = await this.api.request("POST", path, { body: object });
    return status < 300 ? "yes" : (body.message ?? `${status}`);
  }
}

function collection(kind: Kind, namespace = "argocd"): string {
  const path = collections[kind];
  if (path === undefined) throw new Error(`a comparison has nothing to do with a ${kind}`);
  return path.replace("NAMESPACE", namespace);
}

function addressOf(object: object): string {
  const { kind, metadata } = object as KubeObject;
  return `${collection(kind!, metadata?.namespace)}/${metadata?.name}`;
}

function succeed({ status, body }: ApiAnswer, address: string, ...also: number[]): void {
  if (status >= 300 && !also.includes(status)) throw new Error(`${address}: ${status} ${body.message}`);
}

async function all<T>(list: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  await Promise.all(list.map(work));
}
