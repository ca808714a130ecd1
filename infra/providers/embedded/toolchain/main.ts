import { allParts, ensureToolchain, buildEventPrinter, isPassing, type Part } from ".";
import { ToolchainError, UsageError } from "./errors";
import { defaultHost, type Host } from "./host";
import { partStatuses } from "./part-status";
import type { Output } from "./build-events";

/** What `make toolchain` runs: builds the named parts, or all of them. Gives the exit code. */
export async function main(
  words: string[],
  io: { out: Output; err: Output; host?: Partial<Host>; signal?: AbortSignal },
): Promise<number> {
  try {
    const { list, build: only, parts } = parse(words);
    const host = { ...defaultHost(), ...io.host };
    if (only) host.env = { ...host.env, ONEBRANCH_RELEASES: "never" };
    if (list) await printList(parts, io.out, host);
    else await build(parts, { ...io, host });
    return 0;
  } catch (error) {
    if (!(error instanceof ToolchainError)) throw error;
    for (const fault of error.faults) io.err.write(`${fault}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

const options = ["--list", "--build"];

function parse(words: string[]): { list: boolean; build: boolean; parts: Part[] } {
  const names = words.filter((word) => !options.includes(word));
  const option = names.find((name) => name.startsWith("-"));
  if (option !== undefined) throw new UsageError(`there is no option ${option}; the options are ${options.join(", ")}`);
  const unknown = names.filter((name) => !allParts.some((part) => part === name));
  if (unknown.length > 0) {
    throw new UsageError(`there is no part ${unknown.join(", ")}; the parts are ${allParts.join(", ")}`);
  }
  const parts = names.length === 0 ? [...allParts] : (names as Part[]);
  return { list: words.includes("--list"), build: words.includes("--build"), parts };
}

async function build(
  parts: Part[],
  io: { out: Output; err: Output; host?: Partial<Host>; signal?: AbortSignal },
): Promise<void> {
  const print = buildEventPrinter(io.err);
  let passing = false;
  try {
    const { bin } = await ensureToolchain({
      parts,
      host: io.host,
      signal: io.signal,
      onEvent: (event) => {
        passing = isPassing(event);
        print(event);
      },
    });
    // The renderer alone is nobody's command.
    if (parts.some((part) => part !== "renderer")) io.out.write(`the programs are in ${bin}\n`);
  } finally {
    if (passing && io.err.isTTY) io.err.write("\n");
  }
}

async function printList(parts: Part[], out: Output, host: Host): Promise<void> {
  for (const { part, state, entry, note } of await partStatuses(parts, host)) {
    const said = state === "build" ? "missing" : state;
    out.write(`${part}\t${entry?.hash ?? "-"}\t${said}\t${entry?.directory ?? note ?? ""}\n`);
  }
}

if (require.main === module) {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => controller.abort());
  void main(process.argv.slice(2), { out: process.stdout, err: process.stderr, signal: controller.signal }).then(
    (code) => {
      process.exitCode = code;
    },
  );
}
