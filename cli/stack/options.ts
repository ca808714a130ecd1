import { isDnsLabel, labelRule } from "../../model/names";
import { formatMoment } from "../../model/lifetime";
import { providerNames } from "../../model/providers";
import type { Input, Option } from "../command";
import { parseDuration } from "../terminal/duration";
import type { Io } from "../terminal/io";
import { usageError } from "../terminal/fail";
import { parseConfigWords } from "./work-dir";

/** Options of the verbs that run the program. */
export const programOptions: Readonly<Record<string, Option>> = {
  provider: {
    value: "NAME",
    choices: providerNames,
    summary: "where the cluster comes from, remembered until the stack is destroyed (default: as in cluster.yaml)",
  },
  from: {
    value: "CLUSTER",
    summary: "for an ephemeral stack, which has no cluster.yaml: the cluster whose identity it takes, remembered too",
  },
  ttl: {
    value: "DURATION",
    summary: "how long an ephemeral stack may live from now on, for example 4h or 2d; renews one whose time ran out",
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
export function givenSettings(input: Input, io: Pick<Io, "date">): Record<string, string> {
  const config = parseConfigWords(input.all("config"));
  for (const name of ["provider", "from"]) {
    const value = input.text(name);
    if (value === undefined) continue;
    if (config[name] !== undefined && config[name] !== value) {
      throw usageError(`--${name} ${value} and --config ${name}=${config[name]} contradict each other; keep one`);
    }
    config[name] = value;
  }
  const ttl = input.text("ttl");
  if (ttl === undefined) return config;
  if (config.expires !== undefined) {
    throw usageError(`--ttl ${ttl} and --config expires=${config.expires} both say when the time runs out; keep one`);
  }
  return { ...config, expires: formatMoment(new Date(io.date().getTime() + parseDuration("ttl", ttl))) };
}
