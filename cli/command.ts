import type { Io } from "./terminal/io";
import type { Services } from "./services";

/** One option of a verb; its name is the key it is listed under, without the dashes. */
export interface Option {
  /** Placeholder of the value in the help; without one the option is a flag. */
  value?: string;
  /** True when the option may be given several times. */
  many?: boolean;
  /** The values it takes; anything else is refused with this list. */
  choices?: readonly string[];
  summary: string;
}

/** What the user typed after the verb. */
export interface Input {
  operands: readonly string[];
  flag(name: string): boolean;
  text(name: string): string | undefined;
  all(name: string): readonly string[];
}

/** What a verb works with besides its input. */
export interface Context {
  io: Io;
  services: Services;
  /** Every verb, for those that speak about verbs. */
  commands: Commands;
  /** The checkout: `--tree`, else the one around the current directory. Throws when there is none. */
  root(): string;
}

/** Every verb by its name, in the order of the help; called, it loads the verb's module. */
export type Commands = Readonly<Record<string, () => Command>>;

/** One verb of the tool. Its module must be cheap to load: `--help` loads all of them. */
export interface Command {
  /** One line for the list of verbs. */
  summary: string;
  /** The command line after `onebranch`, for example `up <stack> [options]`. */
  usage: string;
  /** How many operands it takes. */
  operands: { min: number; max: number };
  options: Readonly<Record<string, Option>>;
  /** When options depend on the first operand: the options that only some operands take, by operand. */
  optionsOf?: Readonly<Record<string, readonly string[]>>;
  examples: readonly { line: string; why: string }[];
  /** Does the work and returns the exit code. */
  run(input: Input, context: Context): Promise<number>;
}

/** Options that every verb takes. */
export const commonOptions: Readonly<Record<string, Option>> = {
  tree: { value: "DIR", summary: "the checkout to work on (default: the one around the current directory)" },
  json: { summary: "print the facts as JSON on standard output" },
  help: { summary: "explain this verb" },
};

/** Options of the verbs that render charts. */
export const chartOptions: Readonly<Record<string, Option>> = {
  charts: { value: "DIR", summary: "packed third-party charts, as <name>-<version>.tgz" },
  offline: { summary: "do not pull charts; what needs a missing one is listed as not evaluated" },
};
