import type { Finding } from "../../../model/findings";
import type { RuleId } from "../../../model/rules";
import type { At } from "./at";
import type { CheckInput } from "./input";

/** error: must not be merged. warning: should be looked at. note: something that could not be evaluated, and why. */
export type Severity = Finding["severity"] | "note";

/** A finding of `onebranch check`: those of the model, and notes. */
export interface CheckFinding extends Omit<Finding, "severity"> {
  severity: Severity;
}

/** How a rule reports what it found. */
export interface Report {
  /**
   * @param message what is wrong, with the bad value; @param fix what to do, with the allowed or the corrected one
   * @param severity where it is not the rule's own
   */
  finding(at: At, message: string, fix: string, severity?: Finding["severity"]): void;
  /** Reports that a part of the tree could not be judged, and why. */
  notEvaluated(at: At, reason: string, fix: string): void;
}

/**
 * What a rule works on besides the files: the files of the merge base, what Argo CD would make of the tree, or how that differs
 * from the merge base.
 */
export type Need = "base" | "applications" | "manifests" | "changes";

/** A rule of the tree; its texts are in model/rules. */
export interface Rule {
  readonly id: RuleId;
  /** What the rule requires; without it the rule becomes a note. */
  readonly needs?: Need;
  /** What lets the rule see more when it is available. */
  readonly also?: Exclude<Need, "base">;
  /** Absent for faults that reading the files finds (`faultsOfFiles`) and for faults of comments; no comment excuses these. */
  check?(input: CheckInput, report: Report): void | Promise<void>;
}
