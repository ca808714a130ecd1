import type { CheckResult } from "../run";

/** The findings as `[{rule, severity, file, line, message, fix}]`; severity is error, warning or note (not evaluated). */
export function toJson({ findings }: CheckResult): string {
  const list = findings.map(({ rule, severity, file, line, message, fix }) => ({
    ...{ rule, severity, file, line, message, fix },
  }));
  return `${JSON.stringify(list, undefined, 2)}\n`;
}
