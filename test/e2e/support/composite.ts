import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { parse } from "yaml";

interface Step {
  id?: string;
  if?: string;
  uses?: string;
  run?: string;
  shell?: string;
  env?: Record<string, string>;
  with?: Record<string, string>;
}

interface Action {
  inputs: Record<string, { default?: string }>;
  outputs: Record<string, { value: string }>;
  runs: { steps: Step[] };
}

/** What a workflow gives to an action, and where the action finds itself. */
export interface Job {
  root: string;
  /** A directory for what GitHub keeps outside the checkout; recreated. */
  scratch: string;
  env: NodeJS.ProcessEnv;
  /** `github` of expressions. */
  github: { event_name: string; repository: string; sha: string; event: object };
  with?: Record<string, string>;
  /** Scripts that ran before in the same checkout and need not again. */
  installed?: readonly string[];
}

export interface Outcome {
  code: number;
  log: string;
  outputs: Record<string, string>;
  summary: string;
  /** Steps that belong to others, with what they were given; they are not run. */
  used: { uses: string; with: Record<string, string> }[];
}

/** Runs the `run` steps of a composite action as GitHub's runner does, in their order, until one fails. */
export function runComposite(file: string, job: Job): Outcome {
  const action = parse(readFileSync(file, "utf8")) as Action;
  rmSync(job.scratch, { recursive: true, force: true });
  mkdirSync(join(job.scratch, "temp"), { recursive: true });
  const summary = join(job.scratch, "summary.md");
  writeFileSync(summary, "");
  const context: Record<string, unknown> = {
    github: { ...job.github, token: "token-of-the-job" },
    runner: { os: "Linux", arch: "X64", temp: join(job.scratch, "temp") },
    steps: {},
    hashFiles: () => "hash",
  };
  const inputs = Object.entries(action.inputs).map(([name, { default: value = "" }]) => [
    name,
    job.with?.[name] ?? fill(value, context),
  ]);
  context.inputs = Object.fromEntries(inputs) as object;
  const steps = context.steps as Record<string, { outputs: Record<string, string> }>;
  const outcome: Outcome = { code: 0, log: "", outputs: {}, summary: "", used: [] };
  for (const step of action.runs.steps) {
    if (step.if !== undefined && !evaluate(step.if, context)) continue;
    const given = (values: Record<string, string> = {}) =>
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fill(String(value), context)]));
    if (step.uses !== undefined) {
      outcome.used.push({ uses: step.uses, with: given(step.with) });
      continue;
    }
    if (job.installed?.includes(step.run ?? "")) continue;
    const output = join(job.scratch, "output");
    writeFileSync(output, "");
    const script = join(job.scratch, "step.sh");
    writeFileSync(script, step.run ?? "");
    // What `shell: bash` means to the runner.
    const { status, stdout, stderr } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", script], {
      cwd: job.root,
      encoding: "utf8",
      env: {
        ...job.env,
        ...given(step.env),
        CI: "true",
        GITHUB_ACTIONS: "true",
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_REPOSITORY: job.github.repository,
        GITHUB_SHA: job.github.sha,
        RUNNER_TEMP: join(job.scratch, "temp"),
      },
    });
    outcome.log += stdout + stderr;
    if (step.id !== undefined) steps[step.id] = { outputs: pairs(readFileSync(output, "utf8")) };
    if (status !== 0) {
      outcome.code = status ?? 1;
      break;
    }
  }
  outcome.summary = readFileSync(summary, "utf8");
  outcome.outputs = Object.fromEntries(
    Object.entries(action.outputs).map(([name, { value }]) => [name, fill(value, context)]),
  );
  return outcome;
}

function pairs(text: string): Record<string, string> {
  const lines = text.split("\n").filter(Boolean);
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
}

function fill(text: string, context: object): string {
  return text.replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) => String(evaluate(expression, context) ?? ""));
}

/** The operators that the action uses mean the same in JavaScript, but a property of nothing is nothing. */
function evaluate(expression: string, context: object): unknown {
  return runInNewContext(expression.replace(/(?<=\w)\.(?=[a-z_])/gi, "?."), { ...context });
}

/** A `gh` that keeps the comments of one pull request in a file; its `--jq` is the real jq. */
export class FakeGitHub {
  readonly bin: string;
  private readonly store: string;

  constructor(directory: string) {
    this.bin = join(directory, "gh-bin");
    this.store = join(directory, "comments.json");
    mkdirSync(this.bin, { recursive: true });
    const program = join(this.bin, "gh");
    writeFileSync(
      program,
      `#!/bin/sh\nexec "${process.execPath}" "${join(__dirname, "fake-gh.cjs")}" "${this.store}" "$@"\n`,
    );
    execFileSync("chmod", ["+x", program]);
  }

  comments(): { id: number; user: { type: string }; body: string }[] {
    return existsSync(this.store) ? (JSON.parse(readFileSync(this.store, "utf8")) as []) : [];
  }

  write(comments: object[]): void {
    writeFileSync(this.store, JSON.stringify(comments));
  }
}
