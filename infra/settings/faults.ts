import { UserError } from "../../model/errors";
import { compareFindings, formatFinding, type Finding } from "../../model/findings";
import type { StackFile } from "./file";

/** One thing that is wrong and what to do about it. */
export interface Fault {
  message: string;
  fix: string;
}

/** Collects everything that is wrong with a stack's settings, so that all of it is reported at once. */
export class Faults {
  readonly #findings: Finding[] = [];
  readonly #sentences: string[] = [];

  /** @param stackFile the file with the stack's settings, if there is one */
  constructor(readonly stackFile: StackFile | undefined) {}

  get none(): boolean {
    return this.#findings.length + this.#sentences.length === 0;
  }

  /** A fault that is not in a file. */
  sentence(fault: Fault): void {
    this.#sentences.push(`${fault.message}; ${fault.fix}`);
  }

  /** A fault of one line of a file. */
  at(file: string, line: number, rule: Finding["rule"], fault: Fault): void {
    this.#findings.push({ rule, severity: "error", file, line, ...fault });
  }

  /** A fault of one setting: at its line when it stands in the stack's file, a sentence when it was given otherwise. */
  setting(name: string, rule: Finding["rule"], fault: Fault): void {
    const entry = this.stackFile?.entries.get(name);
    if (this.stackFile && entry) this.at(this.stackFile.path, entry.line, rule, fault);
    else this.sentence(fault);
  }

  /** Takes over findings that were made elsewhere. */
  add(findings: readonly Finding[]): void {
    this.#findings.push(...findings);
  }

  /** @throws UserError with every fault, one per line, files first. */
  throwIfAny(): void {
    if (this.none) return;
    const findings = [...this.#findings].sort(compareFindings);
    throw new UserError([...findings.map(formatFinding), ...this.#sentences].join("\n"), { exitCode: 2, findings });
  }
}
