import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { clusterApi, type ApiAnswer } from "../../../infra/cluster/api";
import { findToolchain } from "../../../infra/providers/embedded/toolchain";
import { policyName } from "../../../model/admission/applications";
import type { Checkout } from "../support/checkout";
import { Cluster } from "../support/cluster";
import { Embedded } from "../support/embedded";
import { eventually, type Expectation } from "../support/eventually";
import { notLookedAt, type ArgoObject } from "./argo-objects";
import type { RequestAttempt, Shows } from "./request";
import { application, byIdentity } from "./table/parts";

/** `Kind namespace/name` to uid. */
export type Uids = ReadonlyMap<string, string>;

/** Kinds whose objects Kubernetes itself makes and removes all the time. */
const fleeting =
  /^(events|pods|replicasets|leases|endpoints|endpointslices|controllerrevisions|ipaddresses|componentstatuses|bindings)\b/;
const bindings = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings";
const applications = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications";

/** A cluster that the attempts are tried on. */
export class AttackedCluster extends Cluster {
  readonly embedded: Embedded;
  readonly root: string;
  other: AttackedCluster | undefined;

  private constructor(
    private readonly checkout: Checkout,
    name: string,
    bin: string,
  ) {
    super(checkout, name, bin);
    this.root = checkout.root;
    this.embedded = new Embedded(checkout.root, name);
  }

  static async up(checkout: Checkout, name: string): Promise<AttackedCluster> {
    await checkout.succeed("up", name, "--provider", "embedded", "--yes");
    const toolchain = await findToolchain();
    if (!toolchain) throw new Error("the toolchain is not built: run `make toolchain`");
    return new AttackedCluster(checkout, name, toolchain.bin);
  }

  ports(): ReturnType<Embedded["ports"]> {
    return this.embedded.ports();
  }

  /** Sends a request as somebody, without that anything is stored unless `stored`. */
  async ask(
    request: Pick<RequestAttempt, "as" | "login" | "method" | "path" | "body">,
    stored = false,
  ): Promise<ApiAnswer> {
    const { as, login, method, path, body } = request;
    const kubeconfig = login ? join(this.folder, "pki", `${login}.kubeconfig`) : this.kubeconfig;
    const config = parse(readFileSync(kubeconfig, "utf8")) as { users: { user: Record<string, unknown> }[] };
    if (as) for (const { user } of config.users) user.as = as;
    const text = body && JSON.stringify(body).replaceAll('"HERE"', JSON.stringify(`file://${this.root}`));
    const dry = stored || path.includes("accessreviews") ? "" : "?dryRun=All";
    return clusterApi(stringify(config)).request(method, `${path}${dry}`, {
      ...(text && { body: JSON.parse(text) as object }),
      ...(method === "PATCH" && { contentType: "application/merge-patch+json" }),
    });
  }

  /** Every object that lasts. */
  uids(): Uids {
    const kinds = this.kubectl("api-resources", "--verbs=list", "--output", "name").trim().split("\n");
    const all = this.list(kinds.filter((kind) => !fleeting.test(kind)).join(","));
    return new Map(
      all.map(({ kind, metadata }) => [`${kind} ${metadata.namespace ?? ""}/${metadata.name}`, metadata.uid]),
    );
  }

  /** Argo CD's Applications and ApplicationSets as they are now. */
  argoObjects(kinds = "applications.argoproj.io,applicationsets.argoproj.io"): ArgoObject[] {
    return this.list(kinds, "argocd") as unknown as ArgoObject[];
  }

  /**
   * Every Application is Synced at `commit`, and no sync is running. An embedded cluster never binds a claim, so health is not
   * asked.
   */
  settled(commit: string): Expectation {
    return async () => {
      const late = this.argoObjects("applications.argoproj.io").filter(({ status }) => {
        const { status: state, revision, revisions = [revision] } = status?.sync ?? {};
        const running = status?.operationState?.phase === "Running";
        return state !== "Synced" || running || revisions.some((one) => one !== commit);
      });
      const names = late.map(({ metadata, status }) => `${metadata.name} (${status?.sync?.status})`).join(", ");
      return { holds: late.length === 0, message: `should be Synced in ${this.name}: ${names}` };
    };
  }

  /** Argo CD has looked at every Application since some moment, and no sync is running. */
  lookedAt(moment: number): Expectation {
    return async () => {
      const late = notLookedAt(this.argoObjects("applications.argoproj.io"), moment);
      return { holds: late.length === 0, message: `should have looked at ${late.join(", ")} in ${this.name}` };
    };
  }

  /** Whether an object shows what it must. */
  shows({ object, field, is }: Shows): { holds: boolean; message: string } {
    const [kind = "", path = ""] = object.split(" ");
    const [namespace, name = ""] = path.split("/");
    const output = field ? `jsonpath={.${field}}` : "name";
    const where = namespace ? ["--namespace", namespace] : [];
    const found = this.kubectl("get", kind, name, ...where, "--ignore-not-found", "--output", output).trim();
    const holds =
      is === null
        ? found === ""
        : is === undefined
          ? found !== ""
          : typeof is === "string"
            ? found === is
            : is.test(found);
    const wanted = is === null ? "absent" : is === undefined ? "there" : String(is);
    return { holds, message: `${object} ${field ?? ""} should be ${wanted}, is "${found}"` };
  }

  /** What Argo CD and its processes keep secret here. */
  async secrets(): Promise<string[]> {
    const wanted = { "argocd-secret": /secret/, "argocd-redis": /auth/, "argocd-initial-admin-secret": /password/ };
    const all = this.list("secrets", "argocd") as unknown as {
      metadata: { name: string };
      data?: Record<string, string>;
    }[];
    return all.flatMap(({ metadata, data = {} }) => {
      const keys = wanted[metadata.name as keyof typeof wanted];
      return keys ? Object.entries(data).flatMap(([key, value]) => (keys.test(key) ? [decode(value)] : [])) : [];
    });
  }

  /** Tries a change of an Application that is being deleted: the policy must refuse it, and the deletion must end. */
  async whileDeleted(name: string, change: object | undefined): Promise<void> {
    const made = application(name, {}) as { metadata: object };
    const body = { ...made, metadata: { ...made.metadata, finalizers: ["onebranch.dev/attack"] } };
    const path = `${applications}/${name}`;
    const created = await this.ask({ method: "POST", path: applications, body }, true);
    assert.equal(created.status, 201, created.body.message);
    try {
      await this.ask({ method: "DELETE", path }, true);
      if (change) {
        const { status, body: answer } = await this.ask({ method: "PATCH", path, body: change });
        assert.ok(status >= 400 && byIdentity.test(answer.message ?? ""), `${status} ${answer.message ?? ""}`);
      }
    } finally {
      await this.ask({ method: "PATCH", path, body: { metadata: { finalizers: null } } }, true);
    }
    await eventually(async () => {
      const { status } = await this.ask({ method: "PATCH", path, body: {} });
      return { holds: status === 404, message: `${name} should be gone, the answer is ${status}` };
    }, 30);
  }

  /**
   * Stores an Application that the policy would refuse, as when a definition's default changes those that are stored, and asks for
   * a sync that brings no source: the policy must judge the spec again.
   */
  async syncOfWrongSpec(name: string): Promise<void> {
    const binding = `${bindings}/${policyName}`;
    const { metadata, ...rest } = (await this.stored("GET", binding)) as { metadata: { name: string } };
    const create = (body: object) => ({ method: "POST" as const, path: applications, body });
    const wrong = application(name, { source: { helm: { parameters: [{ name: "replicas", value: "7" }] } } });
    const path = `${applications}/${name}`;
    await this.stored("DELETE", binding);
    try {
      await eventually(async () => {
        const { status, body } = await this.ask(create(wrong), true);
        return { holds: status === 201, message: `${name} should be stored: ${status} ${body.message ?? ""}` };
      }, 30);
    } finally {
      await this.stored("POST", bindings, { ...rest, metadata: { name: metadata.name } });
    }
    try {
      await eventually(async () => {
        const { status, body } = await this.ask({ method: "PATCH", path, body: { operation: { sync: {} } } });
        const said = body.message ?? "";
        return { holds: status >= 400 && byIdentity.test(said), message: `should be refused: ${status} ${said}` };
      }, 30);
    } finally {
      await this.stored("DELETE", path);
    }
  }

  private async stored(method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<object> {
    const { status, body: answer } = await clusterApi(readFileSync(this.kubeconfig, "utf8")).request(method, path, {
      ...(body && { body }),
    });
    assert.ok(status < 300, `${method} ${path}: ${status} ${answer.message ?? ""}`);
    return answer;
  }

  /** Deletes the binding of the policy: `status` must say so, and `up` bring it back. */
  async withoutBinding(): Promise<void> {
    const binding = { object: `ValidatingAdmissionPolicyBinding /${policyName}` };
    this.kubectl("delete", "validatingadmissionpolicybinding", policyName);
    const { output } = await this.checkout.onebranch("status", this.name);
    const repaired = await this.checkout.onebranch("up", this.name, "--provider", "embedded", "--yes");
    assert.equal(repaired.code, 0, repaired.output);
    assert.ok(this.shows(binding).holds, "up should bring the binding back");
    assert.match(output, new RegExp(`ValidatingAdmissionPolicyBinding ${policyName}`));
  }
}

function decode(text: string): string {
  return Buffer.from(text, "base64").toString();
}
