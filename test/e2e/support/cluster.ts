import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { findToolchain } from "../../../infra/providers/embedded/toolchain";
import type { Checkout } from "./checkout";
import type { Expectation } from "./eventually";

interface KubernetesObject {
  metadata: {
    name: string;
    namespace?: string;
    uid: string;
    resourceVersion: string;
    labels?: Record<string, string>;
    deletionTimestamp?: string;
  };
  kind: string;
  [key: string]: unknown;
}

export interface Application extends KubernetesObject {
  spec: { source?: { path?: string }; destination: { namespace?: string } };
  status?: {
    sync?: { status?: string; revision?: string; revisions?: string[] };
    health?: { status?: string };
    operationState?: { phase?: string; startedAt?: string };
  };
}

interface ApplicationSet extends KubernetesObject {
  status?: { conditions?: { type: string; status: string; message: string }[] };
}

/** One running cluster, by default an embedded one, read with kubectl as its user would. */
export class Cluster {
  readonly kubeconfig: string;
  readonly folder: string;

  constructor(
    checkout: Checkout,
    readonly name: string,
    /** The folder with the toolchain's programs. */
    readonly bin: string,
    kubeconfig?: string,
  ) {
    this.folder = join(checkout.root, ".onebranch", "clusters", name);
    this.kubeconfig = kubeconfig ?? join(this.folder, "kubeconfig");
  }

  static async of(checkout: Checkout, name: string): Promise<Cluster> {
    const toolchain = await findToolchain();
    if (!toolchain) throw new Error("the toolchain is not built: run `make toolchain`");
    return new Cluster(checkout, name, toolchain.bin);
  }

  kubectl(...args: string[]): string {
    return execFileSync(join(this.bin, "kubectl"), ["--kubeconfig", this.kubeconfig, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: 64 << 20,
    });
  }

  /** Applies objects, on the server's side; with `dryRun` in a namespace, of which nothing is stored. */
  apply(objects: readonly object[], dryRun?: { namespace: string }): void {
    const how = dryRun ? ["--dry-run=server", "--namespace", dryRun.namespace] : [];
    const list = { apiVersion: "v1", kind: "List", items: objects };
    const args = ["--kubeconfig", this.kubeconfig, "apply", "--server-side", ...how, "--filename", "-"];
    execFileSync(join(this.bin, "kubectl"), args, { encoding: "utf8", input: JSON.stringify(list), stdio: "pipe" });
  }

  /** All objects of some kinds (`pods,secrets`) in all namespaces or in one. */
  list<T extends KubernetesObject = KubernetesObject>(kinds: string, namespace?: string): T[] {
    const where = namespace ? ["--namespace", namespace] : ["--all-namespaces"];
    return (JSON.parse(this.kubectl("get", kinds, ...where, "--output", "json")) as { items: T[] }).items;
  }

  applications(): Application[] {
    return this.list<Application>("applications.argoproj.io", "argocd");
  }

  /** What the ApplicationSet controller reports as an error, by set. */
  setErrors(): Record<string, string> {
    const errors = this.list<ApplicationSet>("applicationsets.argoproj.io", "argocd").map(({ metadata, status }) => {
      const error = status?.conditions?.find((each) => each.type === "ErrorOccurred" && each.status === "True");
      return [metadata.name, error?.message] as const;
    });
    return Object.fromEntries(errors.filter((entry): entry is [string, string] => entry[1] !== undefined));
  }

  /** The sets that have an error are these. */
  broken(...names: string[]): Expectation {
    return async () => {
      const found = Object.keys(this.setErrors()).sort();
      const message = `sets with an error should be ${names.join(", ") || "none"}, are ${found.join(", ") || "none"}`;
      return { holds: found.join() === names.join(), message };
    };
  }

  /** `kind namespace/name` of everything Pulumi and Argo CD put there; what Kubernetes itself adds and renames is left out. */
  inventory(): string[] {
    const kinds = [
      "applications.argoproj.io",
      "applicationsets.argoproj.io",
      "appprojects.argoproj.io",
      "configmaps",
      "customresourcedefinitions.apiextensions.k8s.io",
      "deployments.apps",
      "mutatingadmissionpolicies.admissionregistration.k8s.io",
      "mutatingadmissionpolicybindings.admissionregistration.k8s.io",
      "namespaces",
      "priorityclasses.scheduling.k8s.io",
      "secrets",
      "services",
      "validatingadmissionpolicies.admissionregistration.k8s.io",
      "validatingadmissionpolicybindings.admissionregistration.k8s.io",
    ];
    const served = new Set(this.kubectl("api-resources", "--output", "name").split("\n"));
    return this.list(kinds.filter((kind) => served.has(kind)).join(","))
      .map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`)
      .sort();
  }

  /** resourceVersion of every object that Argo CD applied, by kind and name. */
  versions(): Record<string, string> {
    const entries = this.list("deployments,services,configmaps")
      .filter(({ metadata }) => !["kube-system", "argocd", "default", "kube-public"].includes(metadata.namespace ?? ""))
      .filter(({ metadata }) => metadata.name !== "kube-root-ca.crt")
      .map(({ kind, metadata }) => [`${kind} ${metadata.namespace}/${metadata.name}`, metadata.resourceVersion]);
    return Object.fromEntries(entries) as Record<string, string>;
  }

  /** Every Application is Synced at `commit` and Healthy. */
  followed(commit: string): Expectation {
    return async () => {
      const found = this.applications().map(({ metadata, status }) => {
        const { status: sync, revision, revisions } = status?.sync ?? {};
        const at = (revision ?? revisions?.at(-1))?.slice(0, 8);
        return `${metadata.name}: ${sync} ${status?.health?.status} ${at}`;
      });
      const wanted = `Synced Healthy ${commit.slice(0, 8)}`;
      const late = found.filter((line) => !line.endsWith(wanted));
      return {
        holds: found.length > 0 && late.length === 0,
        message: `every Application of ${this.name} should be ${wanted}, is ${late.join(", ") || "missing"}`,
      };
    };
  }
}
