import { isDnsLabel, labelRule } from "../../model/names";
import { providerNames } from "../../model/providers";
import type { Input, Option } from "../command";
import { usageError } from "../terminal/fail";
import { parseConfigWords } from "./work-dir";

/** Options of the verbs that run the program. */
export const programOptions: Readonly<Record<string, Option>> = {
  provider: {
    value: "NAME",
    choices: providerNames,
    summary: "where the cluster comes from, remembered until the stack is destroyed (default: as in cluster.yaml)",
  },
  config: {
    value: "KEY=VALUE",
    many: true,
    summary: "a setting of Pulumi.yaml, remembered until the stack is destroyed",
  },
};

export const yesOption: Readonly<Record<string, Option>> = {
  yes: { summary: "do not ask (the default without a terminal)" },
};

/** The stack that a command line names. */
export function stackOperand(input: Input): string {
  const stack = input.operands[0]!;
  if (!isDnsLabel(stack)) throw usageError(`"${stack}" is not a stack name; use ${labelRule}`);
  return stack;
}

/** What a command line sets, by key. */
export function givenSettings(input: Input): Record<string, string> {
  const config = parseConfigWords(input.all("config"));
  const provider = input.text("provider");
  if (provider === undefined) return config;
  if (config.provider !== undefined && config.provider !== provider) {
    throw usageError(`--provider ${provider} and --config provider=${config.provider} contradict each other; keep one`);
  }
  return { ...config, provider };
}
