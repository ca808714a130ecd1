import { useEffect, useState } from "preact/hooks";
import type { Cell, Change, ClusterFacts, FleetView, Happening, Link, Snapshot } from "../views";
import { href } from "./address";
import { snapshot } from "./snapshot";

/** A cluster as the page keeps it. A change makes a new one, so that what shows it can tell. */
export interface Cluster extends ClusterFacts {
  link: Link;
  cells: ReadonlyMap<string, Cell>;
}

/** Everything that the page knows. */
export interface Model {
  stages: readonly string[];
  /** The rings of each stage that has some, in their order. */
  rings: Readonly<Record<string, readonly string[]>>;
  clusters: ReadonlyMap<string, Cluster>;
  recent: readonly Happening[];
  /** Whether `onebranch ui` itself answers. */
  server: { state: "connecting" | "live" | "lost" | "snapshot"; since: number };
}

const keptHappenings = 500;

let model: Model = {
  stages: [],
  rings: {},
  clusters: new Map(),
  recent: [],
  server: { state: "connecting", since: Date.now() },
};
const readers = new Set<() => void>();
let drawing = false;

function change(more: Partial<Model>): void {
  model = { ...model, ...more };
  if (drawing) return;
  drawing = true;
  // At most one drawing for each frame, however much arrives.
  requestAnimationFrame(() => {
    drawing = false;
    for (const reader of readers) reader();
  });
}

function take({ links, cells, removed, recent }: Change): void {
  const clusters = new Map(model.clusters);
  const touched = new Map<string, Map<string, Cell>>();
  const cellsOf = (name: string) => {
    const found = touched.get(name) ?? new Map(clusters.get(name)?.cells);
    touched.set(name, found);
    return found;
  };
  for (const { cluster, cell } of cells) cellsOf(cluster).set(cell.name, cell);
  for (const { cluster, name } of removed) cellsOf(cluster).delete(name);
  for (const [name, changed] of touched) clusters.set(name, { ...clusters.get(name)!, cells: changed });
  for (const { cluster, link } of links) clusters.set(cluster, { ...clusters.get(cluster)!, link });
  change({ clusters, recent: [...recent.toReversed(), ...model.recent].slice(0, keptHappenings) });
}

function modelOf({ stages, rings, clusters }: FleetView): Pick<Model, "stages" | "rings" | "clusters"> {
  const known = clusters.map(({ applications, ...facts }): [string, Cluster] => [
    facts.name,
    { ...facts, cells: new Map(applications.map((cell) => [cell.name, cell])) },
  ]);
  return { stages, rings, clusters: new Map(known) };
}

/** Listens to the server from now on, or takes what the file has. A page that nobody sees does not, so that it holds no connection. */
export function connect(): void {
  if (snapshot !== undefined) {
    const { "/fleet": fleet, "/recent": recent } = snapshot.views as { "/fleet": FleetView; "/recent": Happening[] };
    return change({ ...modelOf(fleet), recent, server: { state: "snapshot", since: Date.parse(snapshot.at) } });
  }
  let source: EventSource | undefined;
  const on = <T>(event: string, heard: (data: T) => void) =>
    source!.addEventListener(event, ({ data }) => heard(JSON.parse(data as string) as T));
  const open = () => {
    if (source !== undefined || document.hidden) return;
    source = new EventSource(href("/api/events"));
    on<FleetView>("fleet", (fleet) => change({ ...modelOf(fleet), server: { state: "live", since: Date.now() } }));
    on<Happening[]>("recent", (recent) => change({ recent }));
    on<Change>("change", take);
    source.addEventListener("error", () => {
      if (model.server.state !== "lost") change({ server: { state: "lost", since: Date.now() } });
      // After a refusal the browser does not try again by itself.
      if (source?.readyState === EventSource.CLOSED) setTimeout(() => (close(), open()), 2_000);
    });
  };
  const close = () => {
    source?.close();
    source = undefined;
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  open();
}

/** What the page knows now; draws again when that changes. */
export function useModel(): Model {
  const [known, setKnown] = useState(model);
  useEffect(() => {
    const read = () => setKnown(model);
    readers.add(read);
    read();
    return () => void readers.delete(read);
  }, []);
  return known;
}

function keptIn({ views }: Snapshot, path: string): Fetched<never> {
  const kept = views[path] as { error?: string } | undefined;
  if (kept === undefined) return { error: "this snapshot does not have it" };
  return kept.error === undefined ? { data: kept as never } : { error: kept.error };
}

/** An answer of the server: it stays while a newer one is fetched, and then says what is wrong if that fails. */
export interface Fetched<T> {
  data?: T;
  error?: string;
}

/** The same with a way to ask for it again. */
export type Asked<T> = Fetched<T> & { reload(): void };

/**
 * Fetches a view, and again whenever one of the reasons is another.
 * @param every also after so many milliseconds; 0: never
 */
export function useView<T>(path: string, reasons: readonly unknown[], every = 0): Asked<T> {
  const [round, setRound] = useState(0);
  const [found, setFound] = useState<Fetched<T> & { path: string }>({ path });
  useEffect(() => {
    let current = true;
    const load = async () => {
      if (snapshot !== undefined) return setFound({ path, ...keptIn(snapshot, path) });
      try {
        const response = await fetch(href(`/api${path}`));
        const body = (await response.json()) as T & { error?: string };
        if (!current) return;
        if (response.ok) setFound({ path, data: body });
        else
          setFound(({ data, path: before }) => ({ path, ...(before === path && { data }), error: body.error ?? "" }));
      } catch {
        if (!current) return;
        const error = "`onebranch ui` does not answer";
        setFound(({ data, path: before }) => ({ path, ...(before === path && { data }), error }));
      }
    };
    void load();
    const timer = every > 0 && snapshot === undefined ? setInterval(() => void load(), every) : undefined;
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [path, every, round, ...reasons]);
  return { ...(found.path === path && found), reload: () => setRound(round + 1) };
}
