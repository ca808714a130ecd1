import type { EngineEvent, OpType } from "@pulumi/pulumi/automation";
import { nameOf } from "../../model/deployment";
import type { Io } from "../terminal/io";
import type { Progress } from "../terminal/progress";
import { formatDuration } from "../terminal/table";

/** What became of the resources, by Pulumi's own count; `same` = unchanged. */
export type ResourceChanges = Readonly<Partial<Record<OpType, number>>>;

/** Listens to Pulumi: prints finished steps, says which one runs, keeps errors and the closing count. */
export interface EventLog {
  onEvent(event: EngineEvent): void;
  readonly changes: ResourceChanges;
  /** Error messages in the order they came, each with its resource. */
  readonly errors: readonly string[];
}

const stackType = "pulumi:pulumi:Stack";

/** Past tense of the steps that are worth a line. Each line's form is fixed: tools may read it. */
const finished: Readonly<Partial<Record<OpType, string>>> = {
  create: "created",
  update: "updated",
  delete: "deleted",
  replace: "replaced",
  "create-replacement": "created",
  "delete-replaced": "deleted",
  discard: "forgot",
  "discard-replaced": "forgot",
};

/** Present tense of the same, for a run that only shows what it would do. */
const planned: Readonly<Partial<Record<OpType, string>>> = {
  create: "would create",
  update: "would update",
  delete: "would delete",
  replace: "would replace",
};

const running: Readonly<Partial<Record<OpType, string>>> = {
  create: "creation",
  update: "update",
  delete: "deletion",
  "create-replacement": "creation",
  "delete-replaced": "deletion",
};

/** What Pulumi says last after any error; it explains nothing. */
const closing = /^(update|preview|destroy|refresh) failed$/;

/** A log for one Pulumi run; `preview` prints what would be done instead of what was done. */
export function createEventLog(io: Io, progress: Progress, preview = false): EventLog {
  const started = new Map<string, { at: number; what: string }>();
  const errors: string[] = [];
  let changes: ResourceChanges = {};

  function waitForOldest() {
    const [oldest] = [...started.values()].sort((a, b) => a.at - b.at);
    if (oldest !== undefined) progress.waiting(oldest.what);
  }

  return {
    get changes() {
      return changes;
    },
    errors,
    onEvent(event) {
      const { resourcePreEvent: pre, resOutputsEvent: done, diagnosticEvent, summaryEvent } = event;
      if (pre !== undefined && pre.metadata.type !== stackType) {
        const { op, urn, type } = pre.metadata;
        const verb = planned[op];
        if (preview) {
          if (verb !== undefined) progress.line(`${verb} ${type} ${nameOf(urn)}`);
        } else if (running[op] !== undefined) {
          started.set(`${op} ${urn}`, { at: io.now(), what: `the ${running[op]} of ${type} ${nameOf(urn)}` });
          waitForOldest();
        }
      }
      if (done !== undefined && !preview && done.metadata.type !== stackType) {
        const { op, urn, type } = done.metadata;
        const since = started.get(`${op} ${urn}`)?.at ?? io.now();
        started.delete(`${op} ${urn}`);
        const verb = finished[op];
        if (verb !== undefined) progress.line(`${verb} ${type} ${nameOf(urn)} (${formatDuration(io.now() - since)})`);
        waitForOldest();
      }
      if (event.resOpFailedEvent !== undefined) {
        const { op, urn } = event.resOpFailedEvent.metadata;
        started.delete(`${op} ${urn}`);
      }
      if (diagnosticEvent?.severity === "error") {
        const text = plain(diagnosticEvent.message).trim();
        const { urn } = diagnosticEvent;
        if (!closing.test(text)) errors.push(`${urn ? `${nameOf(urn)}: ` : ""}${text}`);
      }
      if (summaryEvent !== undefined) changes = summaryEvent.resourceChanges as ResourceChanges;
    },
  };
}

/** `12 created, 3 unchanged`, or of a preview `12 to create, 3 unchanged`. */
export function describeChanges(changes: ResourceChanges, preview = false): string {
  const words: [string, string, number][] = [
    ["created", "to create", changes.create ?? 0],
    ["updated", "to update", changes.update ?? 0],
    ["replaced", "to replace", (changes.replace ?? 0) + (changes["create-replacement"] ?? 0)],
    ["deleted", "to delete", changes.delete ?? 0],
    ["unchanged", "unchanged", changes.same ?? 0],
  ];
  const counted = words.filter(([, , number]) => number > 0);
  if (counted.length === 0) return "nothing to do";
  return counted.map(([done, planned, number]) => `${number} ${preview ? planned : done}`).join(", ");
}

/** Text of Pulumi without its colour marks. */
export function plain(text: string): string {
  return text.replace(/<\{%[^%]*%\}>/g, "");
}
