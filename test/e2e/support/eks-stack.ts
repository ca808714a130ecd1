import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { EngineEvent, OpMap } from "@pulumi/pulumi/automation";
import { findToolchain, programParts } from "../../../infra/providers/embedded/toolchain";
import { makeAws } from "../../../infra/providers/eks/aws";
import type { EksSettings } from "../../../infra/providers/eks/settings";
import type { Settings } from "../../../infra/settings/settings";
import { pulumi } from "../../../cli/pulumi";
import type { PulumiStack, RunOptions } from "../../../cli/stack/pulumi";
import { adoptLost } from "../../../cli/stack/adopt";
import { clearPending } from "../../../cli/stack/recovery";
import { openStack } from "../../../cli/stack/workspace";
import { runCommand } from "../../../cli/stack/command";
import { parseExport } from "../../../model/deployment";
import type { Change } from "../../infra/support/refusal";
import { settingsWith } from "../../infra/support/source";
import type { Thing } from "../../support/fake-aws/ledger";
import { startAws, type FakeAws } from "../../support/fake-aws/start";
import { inCheckout } from "../../support/paths";

export const admin = "arn:aws:iam::111122223333:role/deployer";

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
   * Undefined where there is no Pulumi.
   * @param there what somebody else has in the account
   */
  static async open(there: readonly Thing[] = []): Promise<EksLab | undefined> {
    const toolchain = await findToolchain({ parts: programParts });
    if (!toolchain) return undefined;
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
  async stack(stack: string, config: Readonly<Record<string, string>> = {}, change: Change = {}): Promise<EksStack> {
    const all = { provider: "eks", awsAccount: "111122223333", eksAdmins: admin, ...config };
    const settings = settingsWith({ stack, config: all, ...change }) as Settings<EksSettings>;
    const workDir = join(this.base, "work");
    const program = () => Promise.resolve({ endpoint: makeAws(settings).cluster.endpoint });
    const opened = await openStack({ root: this.base, stack, workDir, env: this.env, known: false }, program);
    if (!(await opened.exists())) await opened.create();
    return new EksStack(opened, stack, workDir, this.env);
  }
}

export class EksStack {
  constructor(
    readonly opened: PulumiStack,
    private readonly name: string,
    private readonly workDir: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  preview(): Promise<Run> {
    return this.run("preview");
  }

  up(kill?: AbortSignal): Promise<Run> {
    return this.run("up", kill);
  }

  destroy(kill?: AbortSignal): Promise<Run> {
    return this.run("destroy", kill);
  }

  /** Compares the state with AWS; fails when they differ. */
  async refresh(): Promise<void> {
    const words = ["refresh", "--yes", "--expect-no-changes", "--non-interactive", "--stack", this.name];
    await runCommand("pulumi", words, { cwd: this.workDir, env: { ...process.env, ...this.env } });
  }

  /** Does what `onebranch` does before a run that follows a killed one. */
  async recover(adopt: boolean): Promise<void> {
    await this.opened.cancel();
    const { workDir, opened, name: stack } = this;
    const deployment = parseExport(await opened.exportState());
    const run = { opened, workDir, pulumi, stack, home: { root: workDir }, progress: { line: () => undefined } };
    await clearPending(run, deployment, adopt);
  }

  /** Does what `onebranch up --adopt` does before a run with a new state. */
  async adopt(): Promise<void> {
    const { workDir, opened, name: stack } = this;
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

  private async run(verb: "preview" | "up" | "destroy", kill = new AbortController().signal): Promise<Run> {
    const events: EngineEvent[] = [];
    const options: RunOptions = {
      onEvent: (event) => void events.push(event),
      signal: new AbortController().signal,
      kill,
    };
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
