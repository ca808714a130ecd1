import { offerNames } from "../../model/names";
import { declarationOf, type SettingName } from "./declarations";
import type { Faults } from "./faults";

/** The settings of a stack by name, typed; what is wrong with one goes to the faults, and it counts as not set. */
export class Values {
  constructor(
    private readonly config: Readonly<Record<string, string>>,
    private readonly faults: Faults,
  ) {}

  /** Whether a setting differs from its declared default, which Pulumi itself fills in for what is not set. */
  isSet(name: SettingName): boolean {
    const value = this.config[name];
    if (value === undefined) return false;
    const { default: standard } = declarationOf(name);
    return value.trim() !== (Array.isArray(standard) ? JSON.stringify(standard) : String(standard));
  }

  /** A text; `undefined` when not set and the declared default is empty. */
  text(name: SettingName): string | undefined {
    const value = this.isSet(name) ? this.config[name]?.trim() : String(declarationOf(name).default);
    return value === "" ? undefined : value;
  }

  /** One of some words. */
  oneOf<T extends string>(name: SettingName, allowed: readonly T[]): T | undefined {
    const value = this.text(name);
    const found = allowed.find((word) => word === value);
    if (value !== undefined && found === undefined) {
      this.faults.setting(name, `setting-${kebab(name)}`, {
        message: `${name} is "${value}"`,
        fix: offerNames(value, allowed),
      });
    }
    return found;
  }

  /** A whole number within bounds (both included). */
  integer(name: SettingName, least: number, most: number): number | undefined {
    if (!this.isSet(name)) return undefined;
    const value = this.text(name) ?? "";
    const number = Number(value);
    if (/^[0-9]+$/.test(value) && number >= least && number <= most) return number;
    this.faults.setting(name, `setting-${kebab(name)}`, {
      message: `${name} is "${value}"`,
      fix: `give a whole number from ${least} to ${most}`,
    });
    return undefined;
  }

  /** A list of texts: Pulumi hands lists over as JSON, the command line as words with commas. */
  list(name: SettingName): string[] {
    const value = this.text(name);
    if (!this.isSet(name) || value === undefined) return [];
    if (!value.startsWith("[")) return value.split(",").map((item) => item.trim());
    const items = jsonList(value);
    if (items) return items;
    this.faults.setting(name, `setting-${kebab(name)}`, {
      message: `${name} is ${value}`,
      fix: "give a list of texts",
    });
    return [];
  }
}

function jsonList(text: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `kindPort` as part of a rule's id: `kind-port`. */
export function kebab(name: string): string {
  return name.replace(/([a-z])([A-Z]+)/g, "$1-$2").toLowerCase();
}
