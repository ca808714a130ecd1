import type { Cell, ClusterFacts, FleetCluster, FleetView, Happening, Link } from "../views";
import type { ApplicationObject } from "./application-object";
import { toCell } from "./cell";
import { changeBetween, Happenings, pastOf } from "./happenings";
import type { Feed } from "../../../stack/cluster/watch";

/** Who hears of every change of the fleet. */
export interface Listener {
  link(cluster: string, link: Link): void;
  cell(cluster: string, cell: Cell): void;
  removed(cluster: string, name: string): void;
  happened(happening: Happening): void;
  /** What a cluster is has become known. */
  described(): void;
}

interface Member {
  facts: ClusterFacts;
  link: Link;
  cells: Map<string, Cell>;
  /** Whether its Applications were ever listed. */
  known: boolean;
}

/** What is known of all clusters now: a few facts of each Application, never the objects themselves. */
export class Fleet {
  private readonly members = new Map<string, Member>();
  private readonly listeners = new Set<Listener>();
  private readonly happenings = new Happenings();

  /**
   * @param stages in the order of promotion, each with its rings
   * @param clock the time now
   */
  constructor(
    clusters: readonly ClusterFacts[],
    private readonly stages: ReadonlyMap<string, readonly string[]>,
    private readonly clock = () => new Date(),
  ) {
    for (const { name, stage, ring, region, provider, lifetime, isStack } of clusters) {
      const facts = { name, stage, ring, region, provider, ...(lifetime && { lifetime }), isStack };
      const link: Link = { state: "connecting", since: this.now() };
      this.members.set(name, { facts, link, cells: new Map(), known: false });
    }
  }

  /** The stages of the tree, in the order of promotion. */
  order(): string[] {
    return [...this.stages.keys()];
  }

  /** Tells a listener of every change from now on; returns how to end that. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  view(): FleetView {
    const names = this.order();
    const placed = ({ stage, ring }: ClusterFacts) => {
      const at = names.indexOf(stage);
      return [at < 0 ? names.length : at, this.stages.get(stage)?.indexOf(ring) ?? -1] as const;
    };
    const clusters = [...this.members.keys()].map((name) => this.cluster(name)!);
    clusters.sort((a, b) => {
      const [x, y] = [placed(a), placed(b)];
      return x[0] - y[0] || x[1] - y[1] || (a.name < b.name ? -1 : 1);
    });
    const rings = [...this.stages].filter(([, rings]) => rings.length > 0).map(([name, rings]) => [name, [...rings]]);
    return {
      stages: [...new Set([...names, ...clusters.map(({ stage }) => stage)])],
      rings: Object.fromEntries(rings) as FleetView["rings"],
      clusters,
    };
  }

  cluster(name: string): FleetCluster | undefined {
    const member = this.members.get(name);
    if (member === undefined) return undefined;
    const applications = [...member.cells.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return { ...member.facts, link: member.link, applications };
  }

  recent(): Happening[] {
    return this.happenings.newest();
  }

  /** Takes what the watch of a cluster says. */
  feed(cluster: string): Feed<ApplicationObject> {
    const member = this.members.get(cluster)!;
    return {
      reset: (objects) => {
        this.reached(member);
        this.describe(member, objects);
        const gone = new Set(member.cells.keys());
        for (const object of objects) {
          gone.delete(object.metadata.name);
          if (!member.known) this.happenings.add(...pastOf(cluster, object));
          this.take(member, object);
        }
        for (const name of gone) this.remove(member, name);
        member.known = true;
      },
      changed: (object) => this.take(member, object),
      removed: ({ metadata }) => this.remove(member, metadata.name),
      lost: (why) => this.lost(cluster, why),
    };
  }

  /** Who has only a kubeconfig learns from the Applications which stage and region a cluster is of. */
  private describe(member: Member, objects: readonly ApplicationObject[]): void {
    const { facts } = member;
    const labels = objects.map(({ metadata }) => metadata.labels ?? {}).find((found) => found["onebranch.dev/stage"]);
    if (facts.stage !== "" || labels === undefined) return;
    for (const key of ["stage", "ring", "region"] as const) facts[key] = labels[`onebranch.dev/${key}`] ?? "";
    for (const listener of this.listeners) listener.described();
  }

  /** A cluster cannot be reached. It is so since it was last seen, whatever is tried meanwhile. */
  lost(cluster: string, why: string): void {
    const member = this.members.get(cluster)!;
    const { state, since, why: before } = member.link;
    if (state === "unreachable" && why === before) return;
    if (state !== "unreachable") this.happen(member, undefined, "unknown", `cannot be reached: ${why}`);
    this.connect(member, { state: "unreachable", since: state === "unreachable" ? since : this.now(), why });
  }

  private reached(member: Member): void {
    const { state } = member.link;
    if (state === "live") return;
    if (state === "unreachable") this.happen(member, undefined, "good", "answers again");
    this.connect(member, { state: "live", since: this.now() });
  }

  private connect(member: Member, link: Link): void {
    member.link = link;
    for (const listener of this.listeners) listener.link(member.facts.name, link);
  }

  private take(member: Member, object: ApplicationObject): void {
    const cell = toCell(object);
    const before = member.cells.get(cell.name);
    if (before !== undefined && isSame(before, cell)) return;
    member.cells.set(cell.name, cell);
    const what = changeBetween(before, cell);
    if (what !== "" && (before !== undefined || member.known)) this.happen(member, cell.name, cell.state, what);
    for (const listener of this.listeners) listener.cell(member.facts.name, cell);
  }

  private remove(member: Member, name: string): void {
    if (!member.cells.delete(name)) return;
    this.happen(member, name, "unknown", "was deleted");
    for (const listener of this.listeners) listener.removed(member.facts.name, name);
  }

  private happen(member: Member, application: string | undefined, state: Cell["state"], what: string): void {
    const named = application === undefined ? {} : { application };
    const happening: Happening = { at: this.now(), cluster: member.facts.name, ...named, state, what };
    this.happenings.add(happening);
    for (const listener of this.listeners) listener.happened(happening);
  }

  private now(): string {
    return this.clock().toISOString();
  }
}

function isSame(a: Cell, b: Cell): boolean {
  return (Object.keys(b) as (keyof Cell)[]).every((key) => a[key] === b[key]);
}
