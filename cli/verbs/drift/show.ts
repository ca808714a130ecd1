import type { Context, Input } from "../../command";
import { resourceName } from "../../tree/resource";
import { showValue } from "../../tree/values/explained";
import { allOf, count } from "../../terminal/table";
import { oneLine } from "../../../model/findings";
import type { StackTask } from "../../stack/task";
import type { Drift } from "./compare";
import { findDrift, type Findings } from "./find";

/** Prints what was changed by hand; returns 1 when there is something, or when a part could not be compared. */
export async function showDrift(context: Context, input: Input, task: StackTask): Promise<number> {
  const { io } = task;
  const found = await findDrift(context, input, task);
  io.out(input.flag("json") ? `${JSON.stringify(found, undefined, 2)}\n` : toText(found));
  return found.drift.length > 0 || found.notCompared.length > 0 ? 1 : 0;
}

const widest = 100;

function toText({ stack, drift, healed, notCompared }: Findings): string {
  const parts = (["stack", "tree"] as const).map((by) =>
    section(
      by,
      stack,
      drift.filter((one) => one.by === by),
    ),
  );
  const put = healed.map(
    ({ component, at, resources }) =>
      `${component}: Argo CD put back ${allOf(resources.map(resourceName))} at ${at}; which field it was, it does not record\n`,
  );
  const left = notCompared.map(({ what, why }) => `not compared: ${what}: ${oneLine(why)}\n`);
  return [...parts, ...put, ...left].join("");
}

const words = {
  stack: {
    of: "what Pulumi wrote",
    fix: (stack: string, drifts: readonly Drift[]) =>
      `\`onebranch up ${stack}${drifts.some(({ outside }) => outside) ? " --refresh" : ""}\` writes it again`,
  },
  tree: { of: "what Argo CD synced", fix: () => "Argo CD writes it again at its next sync" },
};

function section(by: Drift["by"], stack: string, drifts: readonly Drift[]): string {
  const { of, fix } = words[by];
  if (drifts.length === 0) return `${stack}: ${of} is as it was written\n`;
  const lines = drifts.flatMap((one) => {
    const owner = one.component === undefined ? "" : `${one.component}: `;
    const title = `  ${owner}${resourceName(one)}${one.change === "missing" ? " is missing" : ""}`;
    return [
      title,
      ...one.fields.map((field) => `    ${field.path}: ${side(field.live)}, wanted ${side(field.wanted)}`),
    ];
  });
  return [
    `${stack}: ${of} is not as it was written in ${count(drifts.length, "object")}; ${fix(stack, drifts)}`,
    ...lines,
    "",
  ].join("\n");
}

function side(value: unknown): string {
  return value === undefined ? "not there" : showValue(value, widest);
}
