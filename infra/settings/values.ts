import { listOf } from "../../model/lists";
import { offerNames } from "../../model/names";
import type { SettingDeclaration } from "./declaration";
import type { Faults } from "./faults";

/** The settings of a stack by name, typed; one that is wrong counts as not set. */
export class Values<Name extends string = string> {
  /** @param declarationOf the declaration behind a name */
  constructor(
    private readonly config: Readonly<Record<string, string>>,
    private readonly declarationOf: (name: Name) => SettingDeclaration,
    private readonly faults: Faults,
  ) {}

  /** Reports integers out of bounds and lists that are not lists. */
  reportTypes(names: readonly Name[]): void {
    for (const name of names.filter((candidate) => this.isSet(candidate))) {
      const { type, least, most } = this.declarationOf(name);
      const value = this.text(name) ?? "";
      if (type === "integer" && this.integer(name) === undefined) {
        this.report(name, `"${value}"`, `give a whole number from ${least} to ${most}`);
      } else if (type === "array" && listOf(value) === undefined) {
        this.report(name, value, "give a list of texts");
      }
    }
  }

  /** Whether a setting differs from its declared default, which Pulumi itself fills in for what is not set. */
  isSet(name: Name): boolean {
    const value = this.config[name];
    if (value === undefined) return false;
    const { default: standard } = this.declarationOf(name);
    return value.trim() !== (Array.isArray(standard) ? JSON.stringify(standard) : String(standard));
  }

  /** A text; `undefined` when not set and the declared default is empty. */
  text(name: Name): string | undefined {
    const value = this.isSet(name) ? this.config[name]?.trim() : String(this.declarationOf(name).default);
    return value === "" ? undefined : value;
  }

  /** One of some words; another one is reported. */
  oneOf<T extends string>(name: Name, allowed: readonly T[]): T | undefined {
    const value = this.text(name);
    const found = allowed.find((word) => word === value);
    if (value !== undefined && found === undefined) this.report(name, `"${value}"`, offerNames(value, allowed));
    return found;
  }

  /** A whole number within its declared bounds. */
  integer(name: Name): number | undefined {
    if (!this.isSet(name)) return undefined;
    const { least = 0, most = Infinity } = this.declarationOf(name);
    const value = this.text(name) ?? "";
    const number = Number(value);
    return /^[0-9]+$/.test(value) && number >= least && number <= most ? number : undefined;
  }

  list(name: Name): string[] {
    return this.isSet(name) ? (listOf(this.text(name) ?? "") ?? []) : [];
  }

  private report(name: Name, value: string, fix: string): void {
    this.faults.setting(name, `setting-${kebab(name)}`, { message: `${name} is ${value}`, fix });
  }
}

/** A list of texts: Pulumi hands lists over as JSON, the command line as words with commas. */

/** `kindPort` as part of a rule's id: `kind-port`. */
export function kebab(name: string): string {
  return name.replace(/([a-z])([A-Z]+)/g, "$1-$2").toLowerCase();
}
