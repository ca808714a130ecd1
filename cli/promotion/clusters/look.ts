import { rootSet } from "../../../model/root";
import type { Context } from "../../command";
import { kubeconfigOf } from "../../stack/clusters";
import type { Application, ApplicationSet, ClusterReader } from "../../stack/cluster/reader";
import { oneLine } from "../../stack/cluster/report";
import { homeOf } from "../../stack/paths";
import { reachOf } from "../../stack/reach";
import { readRecord } from "../../stack/record";
import { createProgress } from "../../terminal/progress";
import { standingOf, type Standing, type Wanted } from "./standing";

/** What one look at a cluster shows. */
export interface Look {
  /** The Application of the component; undefined where there is none, or the cluster does not answer. */
  application?: Application;
  sets: ApplicationSet[];
  /** What the cluster follows, as its Application bootstrap says. */
  follows?: Application["follows"];
  standing: Standing;
}

/** A cluster that is asked again and again. */
export class Watched {
  private reader: Promise<ClusterReader> | undefined;
  /** What Argo CD was asked for, each once: to look at a commit now, to end a sync. */
  private readonly asked = new Set<string>();

  constructor(
    private readonly context: Context,
    private readonly verb: string,
    readonly name: string,
  ) {}

  /**
   * How its Argo CD stands to what it should have. It is asked to look at a commit at once, where one is given; and where something is
   * taken back, to end a sync of what it takes back: with a hook that never ends, it would not come to the commit at all.
   */
  async look(wanted: Wanted, { commit, back = false }: { commit?: string; back?: boolean } = {}): Promise<Look> {
    try {
      const reader = await this.connected();
      const [applications, sets] = await Promise.all([reader.applications(), reader.applicationSets()]);
      const application = applications.find(({ name }) => name === wanted.name);
      const standing = await standingOf(application, wanted);
      if (commit !== undefined && standing.state === "waiting") await this.ask(reader, application, sets, commit);
      if (back && application !== undefined) await this.endOther(reader, application, wanted);
      const { follows } = applications.find(({ madeBy }) => madeBy === rootSet) ?? {};
      return { sets, standing, ...(application && { application }), ...(follows && { follows }) };
    } catch (error) {
      const why = oneLine(error instanceof Error ? error.message : String(error));
      return { sets: [], standing: { state: "unreachable", why } };
    }
  }

  /** Whether it follows the checkout itself, so that a commit here reaches it without a push. */
  followsCheckout(): boolean {
    return readRecord(homeOf(this.context.root()), this.name)?.followsCheckout === true;
  }

  /** What Kubernetes warns of in a namespace; nothing where the cluster does not say. */
  async warnings(namespace: string): Promise<Awaited<ReturnType<ClusterReader["warnings"]>>> {
    return (await this.connected()).warnings(namespace).catch(() => []);
  }

  /** What the objects say that make an Application unhealthy. */
  async ownWords({ healthMessage }: Application): Promise<string[]> {
    return (await this.connected()).ownWords(healthMessage).catch(() => []);
  }

  /** A connection that could not be made is tried again at the next look. */
  private connected(): Promise<ClusterReader> {
    const asked = this.reader ?? this.connect();
    this.reader = asked;
    asked.catch(() => (this.reader = undefined));
    return asked;
  }

  private async connect(): Promise<ClusterReader> {
    const { io, services } = this.context;
    const home = homeOf(this.context.root());
    const record = readRecord(home, this.name);
    if (record !== undefined) {
      const { text, context } = kubeconfigOf(record);
      return services.cluster(text, context);
    }
    const never = new AbortController().signal;
    const progress = createProgress(io);
    const task = {
      io,
      services,
      home,
      stack: this.name,
      verb: this.verb,
      progress,
      stop: { signal: never, kill: never },
    };
    const { kubeconfig, context } = await reachOf(task).finally(() => progress.stop());
    return services.cluster(kubeconfig, context);
  }

  /** Ends a sync that is running and is not one of what the cluster should have. */
  private async endOther(reader: ClusterReader, application: Application, { name, payload }: Wanted): Promise<void> {
    const { phase, operation } = application;
    if (phase !== "Running" || operation === undefined || (await payload.isAt(operation.revisions)) !== false) return;
    await this.once(`end ${name} ${operation.revisions.join(" ")}`, () => reader.endOperation(name));
  }

  /** Who may read a cluster and not ask it for something waits until Argo CD does it by itself. */
  private async once(key: string, work: () => Promise<void>): Promise<void> {
    if (this.asked.has(key)) return;
    this.asked.add(key);
    await work().catch(() => undefined);
  }

  private async ask(
    reader: ClusterReader,
    application: Application | undefined,
    sets: readonly ApplicationSet[],
    commit: string,
  ): Promise<void> {
    const makers = application?.madeBy === undefined ? sets.map(({ name }) => name) : [application.madeBy];
    const refreshes = makers.map((name) =>
      this.once(`set ${name} ${commit}`, () => reader.refreshApplicationSet(name)),
    );
    await Promise.all(refreshes);
    if (application === undefined || application.refreshing || application.revisions.includes(commit)) return;
    await this.once(`application ${commit}`, () => reader.refreshApplication(application.name));
  }
}
