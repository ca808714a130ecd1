import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { EngineEvent, OpMap } from "@pulumi/pulumi/automation";
import { findToolchain, programParts } from "../../../infra/providers/embedded/toolchain";
import { makeAws } from "../../../infra/providers/eks/aws";
import type { EksSettings } from "../../../infra/providers/eks/settings";
import type { Settings } from "../../../infra/settings/settings";
import { run } from "../../../machine/run";
import { pulumi } from "../../../cli/pulumi";
import type { PulumiStack, RunOptions } from "../../../cli/stack/pulumi";
import { adoptLost } from "../../../cli/stack/adopt";
import { clearPending } from "../../../cli/stack/recovery";
import { openStack } from "../../../cli/stack/workspace";
import { runCommand } from "../../../cli/stack/command";
import { parseExport, resourcesOf } from "../../../model/deployment";
import type { Change } from "../../infra/support/refusal";
import { settingsWith } from "../../infra/support/source";
import type { Thing } from "../../support/fake-aws/ledger";
import { startAws, type FakeAws } from "../../support/fake-aws/start";
import { inCheckout } from "../../support/paths";
import { skip } from "../../support/skip";

/** Settings with which a stack has things of every kind: a node group, and a login for external-dns. */
export const everyKind = { eksCompute: "node-group", eksHostedZones: "Z1", eksNat: "single" };

export const admin = "arn:aws:iam::111122223333:role/deployer";

/** Where a stack is, and its settings. */
export interface EksPlace {
  root: string;
  stack: string;
  workDir: string;
  env: Readonly<Record<string, string>>;
  config: Readonly<Record<string, string>>;
}

/** How a run of Pulumi ended. */
export interface Run {
  /** Resources by what happened to them. */
  changes: OpMap;
  /** What went wrong; empty when nothing did. */
  errors: string[];
}

/** Stacks of clusters on a faked AWS, with the real Pulumi. */
export class EksLab {
  private constructor(
    readonly aws: FakeAws,
    private readonly base: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /**
   * Skips the test where there is no Pulumi.
   * @param there what somebody else has in the account
   */
  static async open(test: Mocha.Context, there: readonly Thing[] = []): Promise<EksLab> {
    const toolchain = await findToolchain({ parts: programParts });
    if (!toolchain) return skip(test, "no pulumi: run `make toolchain`");
    const base = mkdtempSync(join(tmpdir(), "onebranch-eks-"));
    for (const name of ["work", "state", "home", "bin"]) mkdirSync(join(base, name));
    copyFileSync(inCheckout("Pulumi.yaml"), join(base, "work", "Pulumi.yaml"));
    const aws = await startAws(join(base, "aws"), there);
    const command = join(base, "bin", "aws");
    const script = inCheckout("test/support/fake-aws/aws.cjs");
    writeFileSync(
      command,
      `#!/bin/sh\nFAKE_AWS_DIRECTORY='${join(base, "aws")}' exec '${process.execPath}' '${script}' "$@"\n`,
      {
        mode: 0o755,
      },
    );
    return new EksLab(aws, base, {
      ...aws.env,
      PATH: [toolchain.runBin, process.env.PATH].join(delimiter),
      PULUMI_HOME: join(base, "home"),
      PULUMI_BACKEND_URL: `file://${join(base, "state")}?metadata=skip`,
      PULUMI_CONFIG_PASSPHRASE: "of the tests",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    });
  }

  /** Runs something with the command `aws` of the faked account on PATH. */
  async withCommand(work: () => Promise<void>): Promise<void> {
    const { PATH } = process.env;
    process.env.PATH = [join(this.base, "bin"), PATH].join(delimiter);
    try {
      await work();
    } finally {
      process.env.PATH = PATH;
    }
  }

  /** What the account has, without what AWS makes by itself. */
  things(): string[] {
    const own = this.aws.files.things().filter(({ madeBy }) => madeBy === undefined);
    return own.map(({ type, id }) => `${type} ${id}`).sort();
  }

  /** Removes what Pulumi knows of a stack. */
  loseState(stack: string): void {
    const states = join(this.base, "state", ".pulumi", "stacks", "onebranch");
    for (const name of readdirSync(states)) if (name.startsWith(`${stack}.json`)) rmSync(join(states, name));
  }

  async close(): Promise<void> {
    await this.aws.stop();
    rmSync(this.base, { recursive: true });
  }

  /** The stack of a cluster with these settings. */
  stack(stack: string, config: Readonly<Record<string, string>> = {}, change: Change = {}): Promise<EksStack> {
    const { base: root, env } = this;
    return EksStack.open({ root, stack, workDir: join(root, "work"), env, config }, change);
  }
}

export class EksStack {
  private constructor(
    readonly opened: PulumiStack,
    private readonly place: EksPlace,
  ) {}

  static async open(place: EksPlace, change: Change = {}): Promise<EksStack> {
    const { root, stack, workDir, env, config } = place;
    const all = { provider: "eks", awsAccount: "111122223333", eksAdmins: admin, ...config };
    const settings = settingsWith({ stack, config: all, ...change }) as Settings<EksSettings>;
    const program = () => Promise.resolve({ endpoint: makeAws(settings).cluster.endpoint });
    const opened = await openStack({ root, stack, workDir, env, known: false }, program);
    if (!(await opened.exists())) await opened.create();
    return new EksStack(opened, place);
  }

  preview(): Promise<Run> {
    return this.run("preview");
  }

  up(): Promise<Run> {
    return this.run("up");
  }

  destroy(): Promise<Run> {
    return this.run("destroy");
  }

  /**
   * The same in a process of its own, which can be killed with all that it started. In this process the rest of a killed program
   * would go on, and its calls to a Pulumi that is gone would fail in the middle of the next run. Undefined when it was killed.
   */
  async killable(verb: "up" | "destroy", kill: AbortSignal): Promise<Run | undefined> {
    const words = ["--require", "tsx/cjs", join(__dirname, "eks-run.ts"), JSON.stringify({ ...this.place, verb })];
    const { stdout, stderr } = await run(process.execPath, words, { group: true, kill });
    if (kill.aborted) return undefined;
    if (stdout === "") throw new Error(`the run printed nothing: ${stderr}`);
    return JSON.parse(stdout) as Run;
  }

  /** What the state knows of AWS. */
  async known(): Promise<string[]> {
    const resources = resourcesOf(parseExport(await this.opened.exportState()));
    return resources.flatMap(({ type, id }) => (type.startsWith("aws:") ? [`${type} ${id}`] : [])).sort();
  }

  /** Compares the state with AWS; fails when they differ. */
  async refresh(): Promise<void> {
    const words = ["refresh", "--yes", "--expect-no-changes", "--non-interactive", "--stack", this.place.stack];
    const { workDir: cwd, env } = this.place;
    await runCommand("pulumi", words, { cwd, env: { ...process.env, ...env } });
  }

  /** Does what `onebranch` does before a run that follows a killed one. */
  async recover(adopt: boolean): Promise<void> {
    await this.opened.cancel();
    const { opened } = this;
    const { workDir, stack } = this.place;
    const deployment = parseExport(await opened.exportState());
    const run = { opened, workDir, pulumi, stack, home: { root: workDir }, progress: { line: () => undefined } };
    await clearPending(run, deployment, adopt);
  }

  /** Does what `onebranch up --adopt` does before a run with a new state. */
  async adopt(): Promise<void> {
    const { opened } = this;
    const { workDir, stack } = this.place;
    const never = new AbortController().signal;
    const watch = { onEvent: () => undefined, signal: never, kill: never };
    await adoptLost({
      opened,
      workDir,
      pulumi,
      stack,
      watch,
      home: { root: workDir },
      progress: { line: () => undefined },
    });
  }

  async run(verb: "preview" | "up" | "destroy"): Promise<Run> {
    const events: EngineEvent[] = [];
    const never = new AbortController().signal;
    const options: RunOptions = { onEvent: (event) => void events.push(event), signal: never, kill: never };
    let failed: string[] = [];
    try {
      await this.opened[verb](options);
    } catch (error) {
      failed = [error instanceof Error ? error.message : String(error)];
    }
    const reported = events
      .map(({ diagnosticEvent }) => (diagnosticEvent?.severity === "error" ? plain(diagnosticEvent.message) : ""))
      .filter((message) => message !== "");
    const changes = events.find(({ summaryEvent }) => summaryEvent)?.summaryEvent?.resourceChanges ?? {};
    return { changes, errors: failed.length > 0 && reported.length > 0 ? reported : failed };
  }
}

function plain(message: string): string {
  return message.replace(/<\{%[^%]*%\}>/g, "").trim();
}
