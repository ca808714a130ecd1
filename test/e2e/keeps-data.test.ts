import assert from "node:assert/strict";
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isBehind } from "../../cli/stack/cluster/commits";
import { deletionApproved, setRefresh, trackingId } from "../../model/argocd";
import { Checkout } from "./support/checkout";
import { Cluster, type Application } from "./support/cluster";
import { dataComponent } from "./support/data-chart";
import { eventually } from "./support/eventually";
import { beforeTheMerge, errorsOf, recordLosses, unchanged, type Loss } from "./support/losses";
import { asksFor } from "./support/object-lab";

type Live = Application & {
  status?: {
    conditions?: { type: string; message: string }[];
    operationState?: { phase?: string; message?: string };
  };
};

const kinds =
  "configmaps,deployments,limitranges,namespaces,persistentvolumeclaims,persistentvolumes,priorityclasses,resourcequotas,services,statefulsets";

const component = "addons/keep";
const pin = `${component}/stages/prod/pin.yaml`;
const roundFile = `gitops/${component}/stages/prod/values.yaml`;

/** What becomes of production when files are lost, and when they are back. */
describe("production keeps its data", () => {
  const checkout = new Checkout();
  const at = (path: string) => join(checkout.root, "gitops", path);
  const remove = (path: string) => rmSync(at(path), { recursive: true });
  const move = (from: string, to: string) => renameSync(at(from), at(to));
  const empty = (path: string) => writeFileSync(at(path), "");
  let cluster: Cluster;
  let uids: Record<string, string>;
  /** What `check` finds before anything is lost. */
  let known: string[];
  let round = 0;

  const live = () => cluster.applications().find(({ metadata }) => metadata.name === "keep") as Live | undefined;

  /** The uid of everything that Argo CD tracks, by kind and name. */
  function objects(): Record<string, string> {
    const tracked = cluster
      .list<Application & { metadata: { annotations?: Record<string, string> } }>(kinds)
      .filter(({ metadata }) => metadata.annotations?.[trackingId] !== undefined);
    return Object.fromEntries(
      tracked.map(({ kind, metadata: { namespace = "", name, uid } }) => [`${kind} ${namespace}/${name}`, uid]),
    );
  }

  /** Lets the cluster look at the newest commit until an Application has come to something. */
  async function looks(expected: string, holds: (application: Live) => boolean): Promise<void> {
    await eventually(
      async () => {
        const application = live();
        const { operationState, conditions = [], sync } = application?.status ?? {};
        const words = [
          sync?.status,
          operationState?.phase,
          operationState?.message,
          ...conditions.map((c) => c.message),
        ];
        return {
          holds: application !== undefined && holds(application),
          message: `should ${expected}, is ${words.join("; ")}`,
        };
      },
      240,
      500,
    );
  }

  const fails = (file: string) => (application: Live) =>
    (application.status?.conditions ?? []).some(
      ({ type, message }) => type === "ComparisonError" && message.includes(`${file}: no such file or directory`),
    );

  const asks = ({ status }: Live) =>
    asksFor(status?.operationState?.message ?? "") && status?.operationState?.phase === "Running";

  const annotate = (object: string, annotation: string) =>
    cluster.kubectl("annotate", object, "--namespace=argocd", "--overwrite", annotation);
  const annotationsOf = (object: string) =>
    JSON.parse(
      cluster.kubectl("get", object, "--namespace=argocd", "--output=jsonpath={.metadata.annotations}") || "{}",
    ) as Record<string, string>;
  const confirm = (time: string) => annotate("application/keep", `${deletionApproved}=${time}`);

  /** Waits until the set of the Application has looked at it once more. */
  async function setLooks(): Promise<void> {
    annotate("applicationset/components", `${setRefresh}=true`);
    const holds = () => annotationsOf("applicationset/components")[setRefresh] === undefined;
    await eventually(() => Promise.resolve({ holds: holds(), message: "should have refreshed the set" }));
  }

  /** Waits until a commit is in the cluster, and nothing waits or runs. */
  async function follows(commit: string): Promise<void> {
    await looks(`follow ${commit}`, ({ status }) => {
      const { status: sync, revisions = [] } = status?.sync ?? {};
      return sync === "Synced" && !isBehind(revisions, commit) && status?.operationState?.phase !== "Running";
    });
    assert.equal(
      cluster.kubectl("get", "configmap", "keep", "--namespace", "guardrails", "--output", "jsonpath={.data.round}"),
      String(round),
    );
  }

  before(async function () {
    for (const [path, text] of Object.entries(dataComponent)) {
      mkdirSync(dirname(at(path)), { recursive: true });
      writeFileSync(at(path), text);
    }
    checkout.edit("gitops/stages/prod.yaml", "\nprune: true\n", "\nprune: true\nconfirmPrune: true\n");
    const commit = checkout.commit("an add-on that holds data");
    cluster = await Cluster.of(checkout, "prod");
    await checkout.succeed("up", "prod", "--provider", "embedded", "--yes");
    await follows(commit);
    uids = objects();
    known = await errorsOf(checkout);
  });

  after(async () => {
    await checkout.onebranch("destroy", "prod", "--yes");
    checkout.remove();
  });

  it("and every object that holds data asks before it goes", () => {
    const asking = cluster
      .list("persistentvolumeclaims,persistentvolumes,namespaces,statefulsets")
      .filter(({ metadata }) => JSON.stringify(metadata).includes("Prune=confirm,Delete=confirm"))
      .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    assert.deepEqual(asking.sort(), [
      "Namespace kept",
      "PersistentVolume keep",
      "PersistentVolumeClaim keep",
      "StatefulSet keep",
    ]);
  });

  it("and status and up notice when the policy that makes them ask is gone", async () => {
    const faults = async () => {
      const [{ faults: found = [] }] = JSON.parse((await checkout.onebranch("status", "prod", "--json")).stdout) as [
        { faults?: string[] },
      ];
      return found.join("; ");
    };
    assert.equal(await faults(), "");
    cluster.kubectl("delete", "mutatingadmissionpolicybinding", "onebranch-confirm-prune");
    assert.match(await faults(), /^the MutatingAdmissionPolicyBinding onebranch-confirm-prune is missing: /);
    await checkout.succeed("up", "prod", "--provider", "embedded", "--yes");
    assert.equal(await faults(), "");
  });

  const misses = (file: string) => ({ stopped: fails(file), does: `does not render: ${file} is missing` });
  const waits = { stopped: asks, does: "waits: it asks before it removes anything" };
  const cases: [string, () => void, { stopped: (application: Live) => boolean; does: string }][] = [
    ["its directory is removed", () => remove(component), misses(`${component}/values.yaml`)],
    ["its directory is renamed", () => move(component, "addons/kept"), misses(`${component}/values.yaml`)],
    ["the files of its directory are emptied", () => [`${component}/values.yaml`, pin].forEach(empty), waits],
    ["its stage is renamed in all files", renameStage, misses("stages/prod/pin.yaml")],
    ["a template of its chart is emptied", () => empty("charts/keep/1.0.0/templates/data.yaml"), waits],
    ["its values are emptied", () => empty(`${component}/values.yaml`), waits],
    ["its pin is removed", () => remove(pin), misses("stages/prod/pin.yaml")],
  ];
  const rows: Loss[] = [];

  for (const [title, lose, { stopped, does }] of cases) {
    it(`when ${title}, and when that is reverted`, async function () {
      lose();
      const said = await beforeTheMerge(checkout, known);
      checkout.commit(title);
      await looks("stop", stopped);
      const lost = unchanged(uids, objects());
      assert.deepEqual(objects(), uids);

      checkout.git("revert", "--no-edit", "HEAD");
      checkout.edit(roundFile, `round: ${round}`, `round: ${++round}`);
      await follows(checkout.commit("and a change that has to arrive"));
      rows.push({ title, ...said, does, lost, reverted: unchanged(uids, objects()) });
      assert.deepEqual(objects(), uids);
    });
  }

  it("as the page about it says", () => {
    recordLosses(rows);
  });

  it("until somebody confirms that it should go", async function () {
    checkout.edit(`gitops/${component}/values.yaml`, "data: true", "data: false");
    checkout.edit(roundFile, `round: ${round}`, `round: ${++round}`);
    const commit = checkout.commit("the data is no longer needed");
    await looks("ask", asks);
    confirm("2026-01-01T00:00:00Z");
    await setLooks();
    assert.equal(annotationsOf("application/keep")[deletionApproved], "2026-01-01T00:00:00Z");
    assert.ok(asks(live()!), "a confirmation from before the question is taken for an answer");
    confirm(new Date(Date.now() + 1000).toISOString().replace(/\.\d+/, ""));
    await follows(commit);
    const left = Object.keys(objects()).filter((name) => / (guardrails\/|\/)ke(ep|pt)$/.test(name));
    assert.deepEqual(left, ["ConfigMap guardrails/keep"]);
  });

  /** As somebody does it who means well: stage file, pins and values, and the cluster. */
  function renameStage(): void {
    move("stages/prod.yaml", "stages/production.yaml");
    checkout.edit("gitops/clusters/prod/cluster.yaml", "stage: prod", "stage: production");
    for (const group of ["addons", "apps"]) {
      for (const name of readdirSync(at(group))) {
        const stages = readdirSync(at(`${group}/${name}/stages`));
        if (stages.includes("prod")) move(`${group}/${name}/stages/prod`, `${group}/${name}/stages/production`);
      }
    }
  }
});
