import { pinFault } from "../../../model/pin";
import type { Application, ApplicationSet, ClusterReader } from "./reader";

/** What stands still in a cluster, and does not go on by itself before the next commit. */
export interface Stuck {
  name: string;
  /** One sentence: what stands still, and why. */
  why: string;
  /** Ends, or starts again, what Argo CD does; undefined where only a commit helps. */
  remedy?: { does: string; run: (reader: ClusterReader) => Promise<void> };
}

/** Everything that stands still, as one look at the cluster shows it. */
export function stuckIn(applications: readonly Application[], sets: readonly ApplicationSet[]): Stuck[] {
  return [...sets.flatMap(stuckSet), ...applications.flatMap(stuckApplication)];
}

function stuckSet({ name, error }: ApplicationSet): Stuck[] {
  if (error === undefined) return [];
  const found = pinFault(error);
  const more = /\(and (\d+) more\)$/.exec(error)?.[1];
  const others = more === undefined ? "" : `; ${more} more of its Applications are refused`;
  const [, file, fault] =
    /unable to process file '([^']+)'(?: from repository '[^']*')?: (?:unable to parse file: )?(.*)$/.exec(error) ?? [];
  const why =
    found !== undefined
      ? `${found.files}: ${found.fault}; its Application stays as it is${others}`
      : file !== undefined && fault !== undefined
        ? `${file}: ${fault}; until it is mended, ${name} makes, moves and removes no Application`
        : error;
  const does = `asked the ApplicationSet ${name} to generate again`;
  return [
    { name, why: `ApplicationSet ${name}: ${why}`, remedy: { does, run: (to) => to.refreshApplicationSet(name) } },
  ];
}

function stuckApplication({ name, deleting, operating, phase, sync }: Application): Stuck[] {
  if (deleting && operating && phase === "Running") {
    const why = `${name} is being deleted, and waits for its sync to end`;
    return [{ name, why, remedy: { does: `ended the sync of ${name}`, run: (to) => to.endOperation(name) } }];
  }
  if (!deleting && !operating && sync !== "Synced" && (phase === "Failed" || phase === "Error")) {
    const why = `${name}: its sync failed, and Argo CD tries again only at the next commit`;
    return [{ name, why, remedy: { does: `started the sync of ${name} again`, run: (to) => to.retrySync(name) } }];
  }
  return [];
}
