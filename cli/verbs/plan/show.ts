import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Context, Input } from "../../command";
import { failure, usageError } from "../../terminal/fail";
import { wantsColour } from "../../terminal/colour";
import { makePlan } from "./run";
import type { Plan } from "./types";

/** Widest line of the terminal view. */
const columns = 100;

/** Prints the plan in the form that was asked for and returns the exit code. */
export async function showPlan(input: Input, context: Context): Promise<number> {
  const forms = ["json", "markdown", "html"].filter((form) => input.flag(form));
  if (forms.length > 1) throw usageError(`--${forms[0]} and --${forms[1]} are two forms of the same output; keep one`);
  const [base, head] = input.operands;
  const request = {
    ...(base === undefined ? {} : { base }),
    ...(head === undefined ? {} : { head }),
    stages: input.all("stage"),
    clusters: input.all("cluster"),
    components: input.all("component"),
  };
  const charts = input.text("charts");
  const plan = await makePlan(context, request, {
    ...(charts === undefined ? {} : { charts: resolve(context.io.cwd, charts) }),
    offline: input.flag("offline"),
  });
  print(plan, forms[0], input, context);
  return input.flag("exit-code") && !isEmpty(plan) ? 1 : 0;
}

/** True when every cluster surely stays as it is. */
function isEmpty({ changes, failed, notEvaluated }: Plan): boolean {
  return changes.length + notEvaluated.length === 0 && failed.every(({ side }) => side === "base");
}

function print(plan: Plan, form: string | undefined, input: Input, { io }: Context): void {
  switch (form) {
    case "json":
      io.out(`${JSON.stringify(plan, undefined, 2)}\n`);
      return;
    case "markdown": {
      const { planMarkdown } = require("./report/markdown") as typeof import("./report/markdown");
      io.out(planMarkdown(plan));
      return;
    }
    case "html": {
      const { planHtml } = require("./report/html") as typeof import("./report/html");
      writePage(planHtml(plan), input.text("html") ?? "-", io);
      return;
    }
    case undefined:
    default: {
      const { planText } = require("./report/text") as typeof import("./report/text");
      const width = io.terminal === true ? Math.max(40, Math.min(columns, io.columns)) : columns;
      io.out(planText(plan, { colour: wantsColour(io), columns: width }));
    }
  }
}

function writePage(page: string, target: string, io: Context["io"]): void {
  if (target === "-") {
    io.out(page);
    return;
  }
  const file = resolve(io.cwd, target);
  try {
    writeFileSync(file, page);
  } catch (error) {
    throw failure(`${target} cannot be written: ${(error as Error).message}`, error);
  }
  io.err(`wrote ${target}\n`);
}
