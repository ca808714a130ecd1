/** `make bench`: times what a user waits for, several rounds in one run, and prints tables. Nothing is left behind. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { benchCluster } from "./cluster";
import { benchEks } from "./eks";
import { benchFleet, sizes } from "./fleet";
import { benchPages } from "./pages";
import { readResult, writeDocs, writeResult } from "./page";
import type { Result } from "./result";
import { benchRings, ringSizes } from "./rings";
import { benchShipped, shippedSizes } from "./shipped";
import { commandTable, growthTable, helmNote, helmTable, settingLine, summaries } from "./table";

const parts = ["cluster", "eks", "fleet", "pages", "rings", "shipped"] as const;
const usage = `usage: main.ts [${parts.join("|")}] [--rounds N] [--save]`;

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** A directory that is gone when the process is, also after Ctrl-C. */
function workspaceOf(): string {
  const directory = mkdtempSync(join(tmpdir(), "onebranch-bench-"));
  const remove = () => existsSync(directory) && rmSync(directory, { recursive: true, force: true });
  process.on("exit", remove);
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)
    process.once(signal, () => process.exit(code));
  return directory;
}

async function measure(wanted: readonly string[], rounds: number): Promise<Result> {
  const result: Result = {};
  if (wanted.includes("fleet"))
    result.fleet = await benchFleet({ rounds, workspace: workspaceOf(), progress, ...sizes });
  if (wanted.includes("cluster")) result.cluster = await benchCluster(rounds, progress);
  const eks = wanted.includes("eks") ? await benchEks(rounds, progress) : undefined;
  if (eks !== undefined) result.eks = eks;
  if (wanted.includes("pages")) result.pages = await benchPages(rounds, progress);
  if (wanted.includes("rings"))
    result.rings = await benchRings({ rounds, workspace: workspaceOf(), progress, ...ringSizes });
  if (wanted.includes("shipped"))
    result.shipped = await benchShipped({ rounds, workspace: workspaceOf(), progress, ...shippedSizes });
  return result;
}

function print(result: Result): void {
  for (const { title, line, note, table } of summaries(result))
    console.log(`\n${[title, line, ...(note === undefined ? [] : [note])].join(". ")}\n\n${table}`);
  const { fleet } = result;
  if (!fleet) return;
  console.log(`\nThe tool on ${fleet.clusters} clusters and ${fleet.components} components. ${settingLine(fleet)}\n`);
  for (const text of [commandTable(fleet), growthTable(fleet), helmTable(fleet), helmNote(fleet)])
    if (text !== undefined) console.log(`${text}\n`);
}

async function main(): Promise<void> {
  const options = { rounds: { type: "string", default: "3" }, save: { type: "boolean", default: false } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const rounds = Number(values.rounds);
  const unknown = positionals.find((name) => !(parts as readonly string[]).includes(name));
  if (unknown !== undefined || !Number.isInteger(rounds) || rounds < 1) {
    const wrong =
      unknown === undefined
        ? `--rounds is a whole number from 1; got ${values.rounds}`
        : `no bench is called ${unknown}`;
    console.error(`${wrong}\n${usage}`);
    process.exitCode = 2;
    return;
  }
  const result = await measure(positionals.length > 0 ? positionals : parts, rounds);
  print(result);
  if (!values.save) return;
  writeResult({ ...readResult(), ...result });
  await writeDocs();
  progress("wrote docs/performance.json, docs/performance.md and its plots");
}

main().catch((error: NodeJS.ErrnoException) => {
  const misused = error.code?.startsWith("ERR_PARSE_ARGS") ?? false;
  console.error(misused ? `${error.message}\n${usage}` : error.message);
  process.exitCode = misused ? 2 : 1;
});
