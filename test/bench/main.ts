/** `make bench`: times what a user waits for on an embedded cluster, several rounds in one run, and prints a table. */
import { readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { Checkout } from "../e2e/support/checkout";
import { Cluster } from "../e2e/support/cluster";
import { eventually } from "../e2e/support/eventually";
import { processesOf } from "../e2e/support/leftovers";

interface Figure {
  what: string;
  unit: "s" | "GiB";
  budget: number;
  values: number[];
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** Proportional set size of all processes of a cluster, in GiB: shared pages of the multi-call binaries count once. */
function memory(folder: string): number {
  const kilobytes = processesOf(folder).map((line) => {
    const rollup = readFileSync(`/proc/${line.split(" ")[0]}/smaps_rollup`, "utf8");
    return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
  });
  return kilobytes.reduce((sum, value) => sum + value, 0) / 2 ** 20;
}

async function round(record: (what: string, value: number) => void, idle: number): Promise<void> {
  const checkout = new Checkout();
  const cluster = await Cluster.of(checkout, "dev");
  const up = ["up", "dev", "--provider", "embedded", "--yes"];
  try {
    record("up, until Synced and Healthy", await seconds(() => checkout.succeed(...up)));
    record("second up, nothing changed", await seconds(() => checkout.succeed(...up)));
    checkout.edit("gitops/apps/guestbook/stages/dev/values.yaml", "Guestbook (dev)", "Guestbook (bench)");
    const commit = checkout.commit("change one value");
    record("commit until synced", await seconds(() => eventually(cluster.followed(commit))));
    await sleep(idle * 1000);
    record("memory of one idle cluster", memory(cluster.folder));
  } finally {
    record("destroy", await seconds(() => checkout.succeed("destroy", "dev", "--yes")));
    checkout.remove();
  }
}

function table(figures: Figure[]): string {
  const rows = figures.map(({ what, unit, budget, values }) => {
    const sorted = [...values].sort((a, b) => a - b);
    const shown = [sorted[0]!, sorted[Math.floor(sorted.length / 2)]!, sorted.at(-1)!].map((value) => value.toFixed(1));
    return `| ${what} | ${shown.join(" | ")} | ${budget} ${unit} |`;
  });
  return ["| what | min | median | max | budget |", "| --- | --- | --- | --- | --- |", ...rows].join("\n");
}

async function main(rounds: number): Promise<void> {
  const figures: Figure[] = [
    { what: "up, until Synced and Healthy", unit: "s", budget: 20, values: [] },
    { what: "second up, nothing changed", unit: "s", budget: 5, values: [] },
    { what: "commit until synced", unit: "s", budget: 10, values: [] },
    { what: "destroy", unit: "s", budget: 10, values: [] },
    { what: "memory of one idle cluster", unit: "GiB", budget: 1.5, values: [] },
  ];
  for (let index = 1; index <= rounds; index++) {
    console.error(`round ${index} of ${rounds}`);
    await round((what, value) => {
      figures.find((figure) => figure.what === what)!.values.push(value);
      console.error(`  ${what}: ${value.toFixed(1)}`);
    }, 20);
  }
  const machine = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
  console.log(`${new Date().toISOString().slice(0, 10)}, ${machine}, ${rounds} rounds\n\n${table(figures)}`);
}

const rounds = Number(process.argv[2] ?? 3);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(`usage: main.ts [ROUNDS], ROUNDS is a whole number from 1; got ${process.argv[2]}`);
  process.exitCode = 2;
} else {
  main(rounds).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
