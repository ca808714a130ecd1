/** An Application or ApplicationSet of a cluster. */
export interface ArgoObject {
  kind: string;
  metadata: { name: string };
  status?: {
    reconciledAt?: string;
    sync?: { status?: string; revision?: string; revisions?: string[] };
    conditions?: { type?: string; message?: string }[];
    operationState?: {
      phase?: string;
      message?: string;
      syncResult?: { resources?: { message?: string }[] };
    };
  };
}

/**
 * Applications that Argo CD has not looked at since some moment, with time for each ApplicationSet before, or whose sync is
 * running. It does not compare one that its project refuses, and gives it no time of a look.
 */
export function notLookedAt(objects: readonly ArgoObject[], moment: number): string[] {
  const late = objects.filter(({ kind, status }) => {
    if (kind !== "Application") return false;
    if (status?.operationState?.phase === "Running") return true;
    if (status?.conditions?.some(({ type }) => type === "InvalidSpecError")) return false;
    return !(Date.parse(status?.reconciledAt ?? "") > moment + 8000);
  });
  return late.map(({ metadata }) => metadata.name);
}
