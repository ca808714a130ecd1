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
  inputs?: Record<string, { default?: string }>;
  outputs?: Record<string, { value: string }>;
  runs: { steps: Step[] };
}

interface Workflow {
  env?: Record<string, string>;
  jobs: Record<string, { if?: string; env?: Record<string, string>; steps: Step[] }>;
}

/** What a workflow gives to an action, and where the action finds itself. */
export interface Job {
  root: string;
  /** A directory for what GitHub keeps outside the checkout; recreated. */
  scratch: string;
  env: NodeJS.ProcessEnv;
  /** `github` of expressions. */
  github: { event_name: string; repository: string; sha: string; event: object; head_ref?: string };
  vars?: Record<string, string>;
  secrets?: Record<string, string>;
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
  const runner = new Runner(job);
  runner.context.inputs = inputsOf(action, job.with, runner.context);
  runner.run(action.runs.steps, {});
  return {
    ...runner.end(),
    outputs: Object.fromEntries(
      Object.entries(action.outputs ?? {}).map(([name, { value }]) => [name, fill(value, runner.context)]),
    ),
  };
}

/** Runs one job of a workflow; undefined when its condition does not hold. */
export function runWorkflowJob(file: string, name: string, job: Job): Outcome | undefined {
  const workflow = parse(readFileSync(file, "utf8")) as Workflow;
  const { if: condition, env = {}, steps } = workflow.jobs[name]!;
  const runner = new Runner(job);
  if (condition !== undefined && !evaluate(condition, runner.context)) return undefined;
  runner.run(steps, { ...workflow.env, ...env });
  return { ...runner.end(), outputs: {} };
}

function inputsOf(action: Action, given: Record<string, string> = {}, context: object): object {
  const inputs = Object.entries(action.inputs ?? {});
  return Object.fromEntries(
    inputs.map(([name, { default: value = "" }]) => [name, given[name] ?? fill(value, context)]),
  ) as object;
}

class Runner {
  readonly context: Record<string, unknown>;
  private readonly summary: string;
  private readonly outcome: Omit<Outcome, "outputs"> = { code: 0, log: "", summary: "", used: [] };

  constructor(private readonly job: Job) {
    rmSync(job.scratch, { recursive: true, force: true });
    mkdirSync(join(job.scratch, "temp"), { recursive: true });
    this.summary = join(job.scratch, "summary.md");
    writeFileSync(this.summary, "");
    this.context = {
      github: { ...job.github, token: "token-of-the-job" },
      runner: { os: "Linux", arch: "X64", temp: join(job.scratch, "temp") },
      vars: { ...job.vars },
      secrets: { ...job.secrets },
      steps: {},
      hashFiles: () => "hash",
    };
  }

  /** An action of the checkout itself is run in its place; those of others are only noted. */
  run(steps: readonly Step[], env: Record<string, string>): void {
    for (const step of steps) {
      if (this.outcome.code !== 0) return;
      if (step.if !== undefined && !evaluate(step.if, this.context)) continue;
      if (step.uses?.startsWith("./")) {
        const action = parse(readFileSync(join(this.job.root, step.uses, "action.yml"), "utf8")) as Action;
        this.run(action.runs.steps, env);
      } else if (step.uses !== undefined) {
        this.outcome.used.push({ uses: step.uses, with: this.given(step.with) });
      } else if (!this.job.installed?.includes(step.run ?? "")) {
        this.shell(step, { ...this.given(env), ...this.given(step.env) });
      }
    }
  }

  end(): Omit<Outcome, "outputs"> {
    return { ...this.outcome, summary: readFileSync(this.summary, "utf8") };
  }

  private given(values: Record<string, string> = {}): Record<string, string> {
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fill(String(value), this.context)]));
  }

  private shell({ id, run = "" }: Step, env: Record<string, string>): void {
    const { job, outcome } = this;
    const output = join(job.scratch, "output");
    writeFileSync(output, "");
    const script = join(job.scratch, "step.sh");
    writeFileSync(script, fill(run, this.context));
    // What `shell: bash` means to the runner.
    const { status, stdout, stderr } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", script], {
      cwd: job.root,
      encoding: "utf8",
      env: {
        ...job.env,
        ...env,
        CI: "true",
        GITHUB_ACTIONS: "true",
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: this.summary,
        GITHUB_REPOSITORY: job.github.repository,
        GITHUB_SHA: job.github.sha,
        RUNNER_TEMP: join(job.scratch, "temp"),
      },
    });
    outcome.log += stdout + stderr;
    const steps = this.context.steps as Record<string, { outputs: Record<string, string> }>;
    if (id !== undefined) steps[id] = { outputs: pairs(readFileSync(output, "utf8")) };
    outcome.code = status ?? 1;
  }
}

function pairs(text: string): Record<string, string> {
  const lines = text.split("\n").filter(Boolean);
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
}

function fill(text: string, context: object): string {
  return text.replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) => String(evaluate(expression, context) ?? ""));
}

/** The operators that the actions use mean the same in JavaScript, but a property of nothing is nothing. */
function evaluate(expression: string, context: object): unknown {
  return runInNewContext(expression.trim().replace(/(?<=\w)\.(?=[a-z_])/gi, "?."), { ...context });
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
