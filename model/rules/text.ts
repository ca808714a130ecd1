/** What people read about a rule. */
export interface RuleText {
  /** What the rule finds, in one sentence. */
  readonly title: string;
  /** What it does to a cluster, or what would go wrong without the rule. */
  readonly why: string;
  /** What to do about it. */
  readonly fix: string;
  /** error: must not land unless a person approves it. warning: should be seen. */
  readonly severity: "error" | "warning";
  /** Ids that the rule had before. */
  readonly formerly?: readonly string[];
}
