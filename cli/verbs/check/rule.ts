import type { Finding } from "../../../model/findings";
import type { RuleId } from "../../../model/rules";
import type { At } from "./at";
import type { CheckInput } from "./input";

/** error: must not land. warning: should be seen. note: something that could not be evaluated, and why. */
export type Severity = Finding["severity"] | "note";

/** A finding of `onebranch check`: those of the model, and notes. */
export interface CheckFinding extends Omit<Finding, "severity"> {
  severity: Severity;
}

/** How a rule says what it found. */
export interface Report {
  /** @param message what is wrong, with the bad value; @param fix what to do, with the allowed or the corrected one */
  finding(at: At, message: string, fix: string): void;
  /** Says that a part of the tree could not be judged, and why. */
  notEvaluated(at: At, reason: string, fix: string): void;
}

/**
 * What a rule works on besides the files: the files of the merge base, what Argo CD would make of the tree, or how that differs
 * from the merge base.
 */
export type Need = "base" | "applications" | "manifests" | "changes";

/** A rule of the tree: what people read about it is in model/rules. */
export interface Rule {
  readonly id: RuleId;
  /** What the rule cannot be evaluated without; it then becomes a note. */
  readonly needs?: Need;
  /** What lets the rule see more, where it is there. */
  readonly also?: Exclude<Need, "base">;
  /** Absent where reading the files finds it (`faultsOfFiles`), and for comments; no comment excuses that. */
  check?(input: CheckInput, report: Report): void | Promise<void>;
}
