/** An Application as the API server gives it, as far as the page shows it. */
export interface ApplicationObject {
  metadata: { name: string; labels?: Record<string, string>; resourceVersion?: string };
  spec?: {
    project?: string;
    destination?: { namespace?: string };
    source?: Source;
    sources?: Source[];
    syncPolicy?: { automated?: { prune?: boolean }; syncOptions?: string[]; retry?: object };
  };
  operation?: object;
  status?: {
    summary?: { images?: string[] };
    conditions?: { type: string; message: string; lastTransitionTime?: string }[];
    resources?: {
      group?: string;
      kind: string;
      namespace?: string;
      name: string;
      status?: string;
      health?: { status?: string; message?: string };
      requiresPruning?: boolean;
    }[];
    history?: (Revisions & {
      deployedAt: string;
      source?: Source;
      sources?: Source[];
      initiatedBy?: Initiator;
    })[];
    operationState?: {
      phase?: string;
      message?: string;
      startedAt?: string;
      finishedAt?: string;
      operation?: { initiatedBy?: Initiator };
      syncResult?: Revisions & {
        resources?: {
          group?: string;
          kind: string;
          namespace?: string;
          name: string;
          status?: string;
          message?: string;
        }[];
      };
    };
  };
}

export interface Source {
  repoURL?: string;
  chart?: string;
  path?: string;
  ref?: string;
  targetRevision?: string;
}

export interface Revisions {
  revision?: string;
  revisions?: string[];
}

export interface Initiator {
  username?: string;
  automated?: boolean;
}

/** The sources of an Application, or of one entry of its history. */
export function sourcesOf(object: ApplicationObject | { source?: Source; sources?: Source[] }): Source[] {
  const { source, sources } = "metadata" in object ? (object.spec ?? {}) : object;
  return sources ?? (source === undefined ? [] : [source]);
}

export function revisionsOf({ revision, revisions }: Revisions): string[] {
  return revisions ?? (revision ? [revision] : []);
}

/** Who started a sync, in words. */
export function initiatorOf(initiator: Initiator | undefined): string {
  return initiator?.username || (initiator?.automated === true ? "Argo CD" : "");
}
