import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import type { KubernetesObject } from "../../cli/tree/renderer";
import type { KubeObject } from "../../infra/cluster/api";
import { resourcesFinalizer, type Update } from "../../model/argocd";
import * as tables from "../support/argocd-tables";
import { objectOf, type Outcome, type RemovalRow, type UpdateRow } from "../support/argocd-tables";
import { eventually } from "./support/eventually";
import { partOf, sayPart } from "./support/replays";
import { asksFor, isIncomparable, ObjectLab, type LiveApplication } from "./support/object-lab";

const [removals, updates] = [partOf(tables.removals), partOf(tables.updates)];

/** Each row of the tables that the model, the verbs and the drain are held against, as a running Argo CD has it. */
describe("what Argo CD does to an object", function () {
  // A hundred Applications are synced at once, some of them with retries.
  this.timeout(1_200_000);
  const lab = new ObjectLab();

  before(() => {
    sayPart(removals.length + updates.length, tables.removals.length + tables.updates.length, "rows");
    return lab.start();
  });
  afterEach(() => lab.forget());
  after(() => lab.remove());

  it("when its Application no longer makes it", async () => {
    const tried = new Removal("p");
    const first = lab.commit(tried.folders());
    await tried.deploy(lab, {});
    await lab.synced("p", first);
    const before = await tried.present(lab);

    const second = lab.commit(tried.folders({ removed: true }));
    await lab.refresh(tried.names);
    const asking = (await lab.synced("p", second)).filter(asks).map(({ metadata }) => metadata.name);
    await assertUntouched(lab, tried, asking, before);
    await lab.confirm(asking);
    await done(lab, "p");

    assert.deepEqual(
      await tried.outcomes(lab, before, asking),
      tried.expected(({ pruned }) => pruned),
    );
  });

  it("when its Application no longer makes it and does not prune", async () => {
    const tried = new Removal(
      "n",
      removals.filter(({ hook, helmHook }) => hook === undefined && helmHook === undefined),
    );
    const first = lab.commit(tried.folders());
    await tried.deploy(lab, { prune: false });
    await lab.synced("n", first);
    const before = await tried.present(lab);

    const second = lab.commit(tried.folders({ removed: true }));
    await lab.refresh(tried.names);
    const asking = (await lab.synced("n", second)).filter(asks).map(({ metadata }) => metadata.name);
    await lab.confirm(asking);
    await done(lab, "n");

    assert.deepEqual(
      await tried.outcomes(lab, before, asking),
      tried.expected(({ pruned }) => pruned.replace("deleted", "kept") as Outcome),
    );
  });

  it("when its Application is deleted with its objects", async () => {
    const tried = new Removal("c");
    const first = lab.commit(tried.folders());
    await tried.deploy(lab, { finalizers: [resourcesFinalizer] });
    await lab.synced("c", first);
    await lookedAtAgain(lab, "c");
    const before = await tried.present(lab);

    await lab.delete(tried.names);
    const expected = tried.expected(({ cascaded }) => cascaded);
    const waiting = tried.names.filter((_, i) => expected[i]!.includes("once confirmed:"));
    await leftAre(lab, "c", waiting);
    await assertUntouched(lab, tried, waiting, before);
    await lab.confirm(waiting);
    await leftAre(lab, "c", []);

    assert.deepEqual(await tried.outcomes(lab, before, waiting), expected);
    assert.deepEqual(await tried.keepers(lab), [], "everything else is deleted");
  });

  it("when its Application makes it otherwise", async () => {
    const tried = updates.flatMap((row, i) => changes.map((change) => ({ ...row, change, name: `u${i}${change}` })));
    // Hooks alone are never out of sync: something beside them has to change.
    const folders = (second: boolean) =>
      new Map(tried.map((row) => [row.name, [version(row, second), keeper(row.name, second ? "2" : "1")]] as const));
    const first = lab.commit(folders(false));
    for (const { name, application, kind, hookDelete } of tried) {
      // What is deleted after the first try is created by the next.
      const retries = kind !== undefined || hookDelete === "HookFailed" ? 2 : 0;
      await lab.deploy(name, { syncOptions: application ?? [], retries });
    }
    await lab.synced("u", first);
    const before = await Promise.all(tried.map((row) => lab.live(version(row, false))));

    const second = lab.commit(folders(true));
    await lab.refresh(tried.map(({ name }) => name));
    const all = new Map((await lab.synced("u", second)).map((one) => [one.metadata.name, one]));
    const ends = await Promise.all(
      tried.map(async (row, i) => endOf(version(row, true), before[i], all.get(row.name)!, lab)),
    );

    assert.deepEqual(
      updates.map(({ title }, i) => `${updateOf(ends.slice(2 * i, 2 * i + 2))}: ${title}`),
      updates.map(({ update, title }) => `${update}: ${title}`),
    );
  });
});

/** One Application for each row: the row's object, and one that stays and tells whether Argo CD went on. */
class Removal {
  readonly names: string[];

  constructor(
    private readonly prefix: string,
    private readonly rows = removals,
  ) {
    this.names = rows.map((_, i) => `${prefix}${i}`);
  }

  async deploy(lab: ObjectLab, spec: { prune?: boolean; finalizers?: string[] }): Promise<void> {
    for (const [i, { application = [] }] of this.rows.entries())
      await lab.deploy(this.names[i]!, { ...spec, syncOptions: application });
  }

  folders({ removed = false } = {}): Map<string, object[]> {
    return new Map(
      this.rows.map((row, i) => {
        const objects = removed ? [this.keeper(i, "2")] : [this.object(row, i), this.keeper(i, "1")];
        return [this.names[i]!, objects];
      }),
    );
  }

  expected(of: (row: RemovalRow) => Outcome): string[] {
    return this.rows.map((row) => `${of(row)}: ${row.title}`);
  }

  comesBeforeDeletion(i: number): boolean {
    return this.rows[i]!.hook === "PreDelete";
  }

  async present(lab: ObjectLab): Promise<boolean[]> {
    return Promise.all(this.rows.map(async (row, i) => (await lab.live(this.object(row, i))) !== undefined));
  }

  /** Keepers that are there, with what they say. */
  async keepers(lab: ObjectLab): Promise<string[]> {
    const all = await Promise.all(this.rows.map((_, i) => lab.live(this.keeper(i, ""))));
    return all.flatMap((one, i) => (one ? [`${this.names[i]} ${(one.data as { a: string }).a}`] : []));
  }

  async outcomes(lab: ObjectLab, before: readonly boolean[], asking: readonly string[]): Promise<string[]> {
    const after = await this.present(lab);
    return this.rows.map(({ title }, i) => {
      const outcome = after[i] ? "kept" : before[i] ? "deleted" : "absent";
      return `${outcome}${asking.includes(this.names[i]!) ? " once confirmed" : ""}: ${title}`;
    });
  }

  private object(row: RemovalRow, i: number): KubernetesObject {
    return objectOf(row, `${this.prefix}${i}row`);
  }

  private keeper(i: number, a: string): KubernetesObject {
    return keeper(this.names[i]!, a);
  }
}

function keeper(name: string, a: string): KubernetesObject {
  // What an Application says of all its objects is for the row's object alone.
  return { ...objectOf({ options: "Prune=true,Delete=true" }, `${name}keeper`), data: { a } };
}

const asks = ({ status }: LiveApplication) => asksFor(status?.operationState?.message ?? "");

/** Applications that wait for somebody have deleted nothing yet, and their sync has changed nothing. */
async function assertUntouched(lab: ObjectLab, tried: Removal, waiting: readonly string[], before: readonly boolean[]) {
  const [present, keepers] = [await tried.present(lab), await tried.keepers(lab)];
  for (const name of waiting) {
    const i = tried.names.indexOf(name);
    assert.equal(present[i], before[i] || tried.comesBeforeDeletion(i), name);
    assert.ok(keepers.includes(`${name} 1`), `${name} should not have gone on`);
  }
}

/** Waits until no sync runs any more. */
async function done(lab: ObjectLab, prefix: string): Promise<void> {
  await eventually(
    async () => {
      const late = (await lab.applications(prefix)).filter(({ status }) => status?.operationState?.phase === "Running");
      return {
        holds: late.length === 0,
        message: `should be done: ${late.map(({ metadata }) => metadata.name).join()}`,
      };
    },
    120,
    1000,
  );
}

/** Waits until Argo CD has compared every Application after its sync: what it then knows decides about a deletion. */
async function lookedAtAgain(lab: ObjectLab, prefix: string): Promise<void> {
  await lab.refresh((await lab.applications(prefix)).map(({ metadata }) => metadata.name));
  await eventually(
    async () => {
      const late = (await lab.applications(prefix)).filter(({ status }) => {
        const finished = status?.operationState?.finishedAt ?? "";
        return !(Date.parse(status?.reconciledAt ?? "") > Date.parse(finished));
      });
      return {
        holds: late.length === 0,
        message: `should be compared: ${late.map(({ metadata }) => metadata.name).join()}`,
      };
    },
    120,
    1000,
  );
}

/** Waits until these Applications are left, and no others; they must still be there a while later. */
async function leftAre(lab: ObjectLab, prefix: string, names: readonly string[]): Promise<void> {
  const left = async () => (await lab.applications(prefix)).map(({ metadata }) => metadata.name).sort();
  const wanted = [...names].sort().join();
  await eventually(
    async () => {
      const found = (await left()).join();
      return { holds: found === wanted, message: `left should be "${wanted}", is "${found}"` };
    },
    180,
    1000,
  );
  if (names.length > 0) await setTimeout(5000);
  assert.equal((await left()).join(), wanted);
}

/** Changes of an object: one that Kubernetes lets through, and one that it refuses. */
const changes = ["free", "frozen"] as const;

/** The object of a row before or after a change. */
function version(
  row: UpdateRow & { name: string; change: (typeof changes)[number] },
  second: boolean,
): KubernetesObject {
  const object = objectOf({ ...row, options: second ? row.options : row.before }, row.name);
  const a = second ? "2" : "1";
  if (object.kind === "ConfigMap") return { ...object, data: { a }, immutable: row.change === "frozen" };
  // A Namespace has no field that does not change.
  if (row.change === "free" || object.kind === "Namespace")
    return { ...object, metadata: { ...object.metadata, labels: { a } } };
  return { ...object, spec: { ...(object.spec as object), scope: second ? "Cluster" : "Namespaced" } };
}

/** How an object got to its second version. */
async function endOf(
  object: KubernetesObject,
  before: KubeObject | undefined,
  { status }: LiveApplication,
  lab: ObjectLab,
): Promise<string> {
  if (isIncomparable({ status })) return "failed";
  const { kind, metadata } = object;
  const results = status?.operationState?.syncResult?.resources ?? [];
  const result = results.find((one) => one.kind === kind && one.name === metadata.name);
  const after = await lab.live(object);
  if (result === undefined) return before === undefined && after === undefined ? "untouched" : "not synced";
  if (result.status === "SyncFailed") return "failed";
  return after !== undefined && before?.metadata?.uid === after.metadata?.uid ? "updated" : "recreated";
}

const words: Record<string, Update> = {
  "updated failed": "in-place",
  // Namespaces.
  "updated updated": "in-place",
  "recreated recreated": "recreated",
  "recreated failed": "recreated-unless-refused",
  "updated recreated": "recreated-if-refused",
  "untouched untouched": "untouched",
};

function updateOf(found: readonly string[]): string {
  return words[found.join(" ")] ?? found.join(" and ");
}
