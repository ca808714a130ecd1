import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { isDnsLabel, labelRule } from "../../model/names";
import { formatMoment } from "../../model/lifetime";
import { providerNames } from "../../model/providers";
import { secretKeyIn } from "../../model/stage-secrets";
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
  "config-file": {
    value: "KEY=FILE",
    many: true,
    summary: "the same, its value read from a file: for secrets, which a command line would show to everybody",
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
export function givenSettings(input: Input, io: Pick<Io, "date" | "cwd">): Record<string, string> {
  const config = withFiles(parseConfigWords(input.all("config")), input, io.cwd);
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

/** Adds the settings whose values are in files. A secret for an application is taken from a file only. */
function withFiles(config: Record<string, string>, input: Input, cwd: string): Record<string, string> {
  for (const name of Object.keys(config)) {
    if (secretKeyIn(name) === undefined) continue;
    throw usageError(
      `--config ${name} is a secret on a command line, where every user of this machine can read it; ` +
        `write it to a file and give that: --config-file ${name}=FILE`,
    );
  }
  for (const [name, file] of Object.entries(parseConfigWords(input.all("config-file"), "config-file", "FILE"))) {
    if (config[name] !== undefined) throw usageError(`--config and --config-file both set ${name}; keep one`);
    config[name] = valueIn(resolve(cwd, file), name);
  }
  return config;
}

/** The content of a file without the line end that editors put at its end. */
function valueIn(file: string, name: string): string {
  try {
    return readFileSync(file, "utf8").replace(/\r?\n$/, "");
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw usageError(`--config-file ${name} names ${file}, which cannot be read (${why})`);
  }
}
