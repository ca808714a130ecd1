import { todayOf } from "../../../model/exception";
import { formatFinding } from "../../../model/findings";
import type { Context, Input } from "../../command";
import { usageError } from "../../terminal/fail";
import { findCluster, withTree } from "../../tree/open";
import { metricsText, seconds, type Metric } from "../../terminal/metrics";
import { formatTable } from "../../terminal/table";
import { readExceptions, type ExceptionState } from "./exceptions";

/** Lists the exceptions; returns 1 when one has expired, 2 when a file of them cannot be read. */
export function listExceptions(input: Input, context: Context): Promise<number> {
  const today = input.text("on") ?? todayOf();
  if (!/^\d{4}-\d\d-\d\d$/.test(today) || Number.isNaN(Date.parse(today))) {
    throw usageError(`--on takes a day such as 2030-12-31, found "${today}"`);
  }
  return withTree(context, input, async (opened) => {
    for (const name of input.operands) findCluster(opened.tree, name);
    const { exceptions, findings } = await readExceptions(opened, today);
    const chosen = (name: string) => input.operands.length === 0 || input.operands.includes(name);
    const shown = exceptions.filter(({ cluster }) => chosen(cluster));
    const faults = findings.filter(({ file }) => chosen(file.split("/")[2] ?? ""));
    const { io } = context;
    if (input.flag("metrics")) {
      io.out(metricsText(endings(shown)));
      for (const finding of faults) io.err(`${formatFinding(finding)}\n`);
      return faults.length > 0 ? 2 : 0;
    }
    if (input.flag("json")) io.out(`${JSON.stringify({ today, exceptions: shown, findings: faults }, undefined, 2)}\n`);
    else {
      io.out(shown.length === 0 && faults.length === 0 ? "there are no exceptions\n" : toText(shown));
      for (const finding of faults) io.err(`${formatFinding(finding)}\n`);
    }
    if (faults.length > 0) return 2;
    return shown.some(({ expired }) => expired) ? 1 : 0;
  });
}

/** An exception still holds on its last day. */
function endings(exceptions: readonly ExceptionState[]): Metric[] {
  const samples = exceptions.map(({ cluster, component, owner, pin, expires }) => ({
    labels: { cluster, component, owner, what: pin ?? "values" },
    value: seconds(Date.parse(expires)) + 24 * 3600,
  }));
  return [
    { name: "onebranch_exception_expires_timestamp_seconds", help: "When an exception of a cluster ends.", samples },
    {
      name: "onebranch_tree_timestamp_seconds",
      help: "When the tree was read.",
      samples: [{ value: seconds(new Date()) }],
    },
  ];
}

function toText(exceptions: readonly ExceptionState[]): string {
  if (exceptions.length === 0) return "";
  const rows = exceptions.map((entry) => [
    entry.cluster,
    entry.component,
    entry.pin ?? (entry.keys ?? []).join(", "),
    entry.owner,
    entry.ticket,
    entry.expires,
    left(entry),
    entry.needed === undefined ? "unknown" : entry.needed ? "yes" : "no",
  ]);
  const notes = exceptions
    .filter(({ expired, why }) => expired || why !== undefined)
    .map(({ file, line, component, expired, expires, why }) => {
      const over = expired ? [`expired on ${expires}`] : [];
      const reason = why === undefined ? [] : [why];
      return `${file}:${line}: the exception for ${component}: ${[...over, ...reason].join("; ")}\n`;
    });
  const head = ["CLUSTER", "COMPONENT", "KEYS OR PIN", "OWNER", "TICKET", "EXPIRES", "LEFT", "NEEDED"];
  return `${formatTable(head, rows)}${notes.length === 0 ? "" : `\n${notes.join("")}`}`;
}

function left({ daysLeft, expired }: ExceptionState): string {
  if (expired) return "expired";
  return daysLeft === 0 ? "last day" : `${daysLeft} day${daysLeft === 1 ? "" : "s"}`;
}
