import { compareFindings, formatFinding, type Finding } from "./findings";

export interface UserErrorOptions {
  /** 1: something was found or failed; 2 (default): wrong usage or broken input. */
  exitCode?: 1 | 2;
  findings?: readonly Finding[];
  cause?: unknown;
}

/** A fault that the user can mend. Only its message is printed, without a stack trace. */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly exitCode: 1 | 2;
  readonly findings: readonly Finding[];

  constructor(message: string, options: UserErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.exitCode = options.exitCode ?? 2;
    this.findings = options.findings ?? [];
  }

  /** All findings in one error, one per line, in their printing order. */
  static of(findings: readonly Finding[], exitCode: 1 | 2 = 2): UserError {
    const sorted = [...findings].sort(compareFindings);
    return new UserError(sorted.map(formatFinding).join("\n"), { exitCode, findings: sorted });
  }
}
