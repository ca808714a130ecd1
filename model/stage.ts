import { readCron } from "./cron";
import { entries, flag, integer, label, list, mapping, oneOf, optional, required, text, type Fields } from "./fields";
import { approver } from "./owner";
import { isTimeZone, type SyncWindow } from "./sync-window";

export type { SyncWindow };

/** One stage, from gitops/stages/<stage>.yaml. */
export interface Stage {
  /** The file's name. */
  name: string;
  /** Place in the promotion order, from 1. */
  order: number;
  /** Groups of its clusters that a version reaches one after another, the first one first; empty: all at once. */
  rings: string[];
  /** Whether the ApplicationSets may also delete Applications ("sync") or only create and update them. */
  applicationsSync: "sync" | "create-update";
  /** Whether what an Application made outlives the Application. */
  preserveResourcesOnDeletion: boolean;
  /** Whether Argo CD deletes what is no longer in Git. */
  prune: boolean;
  /** Whether Argo CD asks before it removes objects that hold data; `confirmedKinds` lists them. */
  confirmPrune: boolean;
  /** Whether images of apps without a digest are refused or only named; absent: a tag that does not move will do. */
  imageDigests?: "deny" | "warn";
  /** The same for add-ons, whose charts name their images. */
  addonImageDigests?: "deny" | "warn";
  /** Who approves a promotion to this stage. */
  approvers: string[];
  /** The same for one of its rings; a ring that is not there has the stage's. */
  ringApprovers?: Record<string, string[]>;
  syncWindows: SyncWindow[];
}

/** What the file contains: it has no name, and some keys may be left out. */
export type StageFile = Omit<Stage, "name" | "rings" | "syncWindows" | "confirmPrune"> &
  Partial<Pick<Stage, "rings" | "syncWindows" | "confirmPrune">>;

/** Who approves a promotion to a stage, or to one of its rings. */
export function approversOf({ approvers, ringApprovers }: Stage, ring?: string): string[] {
  return (ring === undefined ? undefined : ringApprovers?.[ring]) ?? approvers;
}

const windowFields: Fields<SyncWindow> = {
  kind: required(oneOf(["allow", "deny"]), "Whether syncs may happen only inside or only outside the window."),
  schedule: required(
    text("a cron schedule", (value) => {
      const cron = readCron(value);
      return typeof cron === "string" ? cron : undefined;
    }),
    "Start of the window, in cron form.",
  ),
  duration: required(
    text("a duration such as 8h", (value) => check(value, /^(\d+h)?(\d+m)?$/, "write hours and minutes such as 8h30m")),
    "Length of the window.",
  ),
  timeZone: optional(
    text("an IANA time zone", (value) =>
      isTimeZone(value) ? undefined : "write an IANA time zone such as Europe/Berlin",
    ),
    "Time zone of the schedule; default UTC.",
  ),
  manualSync: optional(flag, "Whether a person may sync by hand inside a deny window; default false."),
};

/** The keys of a stage file. All of them are also Helm values of gitops/bootstrap. */
const stageFields: Fields<StageFile> = {
  order: required(integer(1), "Place in the promotion order: 1 to the number of stages."),
  rings: optional(
    list(label, { min: 1 }),
    "Groups of clusters that a version reaches one after another, the first one first; absent: all at once.",
  ),
  applicationsSync: required(
    oneOf(["sync", "create-update"]),
    "sync: Applications may be deleted; create-update: never, also when a generator finds nothing.",
  ),
  preserveResourcesOnDeletion: required(flag, "Whether what an Application made outlives the Application."),
  prune: required(flag, "Whether Argo CD deletes what is no longer in Git."),
  confirmPrune: optional(
    flag,
    "Whether Argo CD asks before it removes a PersistentVolumeClaim, PersistentVolume, Namespace or StatefulSet; default false.",
  ),
  imageDigests: optional(
    oneOf(["deny", "warn"]),
    "What check makes of an app's image without a digest: deny is an error, warn a warning; absent: a tag that does not move will do.",
  ),
  addonImageDigests: optional(oneOf(["deny", "warn"]), "The same for the images of add-ons, which their charts name."),
  approvers: required(
    list(approver),
    "Who approves a promotion to this stage. A name such as @org/team also owns the files of the stage in CODEOWNERS.",
  ),
  ringApprovers: optional(
    entries(label, list(approver, { min: 1 })),
    "The same for single rings, by ring; a ring that is not listed has the stage's.",
  ),
  syncWindows: optional(list(mapping<SyncWindow>(windowFields)), "Freezes of this stage on clusters that serve users."),
};

// The stage file and cluster.yaml are values of one chart, so a cluster's key in a stage file would override it for every cluster.
const override = "remove it: as a value of gitops/bootstrap it would override the cluster's own";

export const stageShape = mapping<StageFile>(stageFields, {
  refused: {
    name: "remove it: the file's name is the stage's, and as a value of gitops/bootstrap it would override the cluster's",
    stage: override,
    ring: override,
    region: override,
    provider: override,
    kubernetesVersion: override,
    domain: override,
    capabilities: override,
    compliance: override,
  },
});

function check(value: string, pattern: RegExp, fix: string): string | undefined {
  return pattern.test(value) ? undefined : fix;
}
