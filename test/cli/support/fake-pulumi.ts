import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { EngineEvent, OpType } from "@pulumi/pulumi/automation";
import type {
  CheckedSettings,
  Prepared,
  Pulumi,
  PulumiStack,
  OpenOptions,
  PrepareOptions,
  RecoverOptions,
  RunOptions,
  StackRequest,
} from "../../../cli/stack/pulumi";
import { listStacks, stateFile } from "../../../cli/stack/state";
import { nameOf, type Deployment, type StateResource } from "../../../model/deployment";

const types = ["kubernetes:core/v1:Namespace", "kubernetes:core/v1:Secret"] as const;

/** An Pulumi whose stacks are state files like Pulumi's, without Pulumi. */
export class FakePulumi implements Pulumi {
  /** What was asked of it, in order. */
  readonly calls: string[] = [];
  opened?: OpenOptions;
  outputs: Record<string, unknown> = {
    kubeconfig: "apiVersion: v1",
    argocdURL: "https://127.0.0.1:20443",
    argocdLogin: "user admin",
  };
  warnings: string[] = [];
  followsCheckout = true;
  /** Thrown by the next pulumi run, once for each entry. */
  failures: Error[] = [];
  /** Runs while Pulumi works, before it ends. */
  during: (run: RunOptions) => Promise<void> = async () => undefined;
  checkError?: Error;
  /** What there is left to build for other verbs. */
  complete?: Prepared["complete"];
  /** What a refresh says. */
  refreshed: EngineEvent[] = [];
  /** What a recovery finds. */
  found: StateResource[] = [];

  constructor(private readonly root: string) {}

  get state(): string {
    return join(this.root, ".onebranch", "state");
  }

  async check({ stack, config }: StackRequest): Promise<CheckedSettings> {
    this.calls.push(`check ${stack} ${JSON.stringify(config)}`);
    if (this.checkError !== undefined) throw this.checkError;
    const provider = config.provider ?? "kind";
    const { from, expires } = config;
    return {
      provider,
      identity: { name: stack, stage: stack, region: "us-east-1", provider },
      ...(from !== undefined && { lifetime: { from, ...(expires !== undefined && { expires }) } }),
      secretKeys: ["repoPassword", "secrets.db"],
      warnings: this.warnings,
      revision: "main",
      policies: [],
      followsCheckout: this.followsCheckout,
      kubeconfig: { path: join(this.root, ".onebranch", "clusters", stack, "kubeconfig") },
    };
  }

  async prepare({ provider }: PrepareOptions): Promise<Prepared> {
    this.calls.push(`prepare ${provider}`);
    return { path: [join(this.root, "tools")], ...(this.complete && { complete: this.complete }) };
  }

  async removeLeftovers(_root: string, stack: string): Promise<void> {
    this.calls.push(`removeLeftovers ${stack}`);
  }

  async recover({ pending }: RecoverOptions): Promise<readonly StateResource[]> {
    this.calls.push(`recover ${pending.map(({ type }) => type).join(", ")}`);
    return this.found;
  }

  async list(): Promise<string[]> {
    return listStacks(this.state);
  }

  async open(options: OpenOptions): Promise<PulumiStack> {
    this.opened = options;
    return new FakeStack(this, options.stack);
  }

  /** Writes a stack's state as Pulumi would have left it. */
  writeState(stack: string, deployment: Deployment | null): void {
    const file = stateFile(this.state, stack);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ version: 3, checkpoint: { stack, latest: deployment } }));
  }

  readState(stack: string): Deployment | undefined {
    const file = stateFile(this.state, stack);
    if (!existsSync(file)) return undefined;
    return (JSON.parse(readFileSync(file, "utf8")) as { checkpoint: { latest: Deployment } }).checkpoint.latest ?? {};
  }
}

class FakeStack implements PulumiStack {
  constructor(
    private readonly pulumi: FakePulumi,
    private readonly stack: string,
  ) {}

  private note(call: string): void {
    this.pulumi.calls.push(`${call} ${this.stack}`);
  }

  exists = async (): Promise<boolean> => this.pulumi.readState(this.stack) !== undefined;

  create = async (): Promise<void> => {
    this.note("create");
    this.pulumi.writeState(this.stack, null);
  };

  setSecret = async (key: string): Promise<void> => this.note(`setSecret ${key}`);

  up = async (run: RunOptions): Promise<Record<string, unknown>> => {
    this.note("up");
    await this.work(run);
    const before = this.pulumi.readState(this.stack)?.resources ?? [];
    if (before.length === 0) for (const type of types) finish(run, "create", type);
    this.pulumi.writeState(this.stack, { resources: resources(this.stack) });
    summary(run, before.length === 0 ? { create: types.length } : { same: types.length });
    return this.pulumi.outputs;
  };

  preview = async (run: RunOptions): Promise<void> => {
    this.note("preview");
    await this.work(run);
    for (const type of types) run.onEvent(step("resourcePreEvent", "create", type));
    summary(run, { create: types.length });
  };

  destroy = async (run: RunOptions): Promise<void> => {
    this.note("destroy");
    await this.work(run);
    for (const type of types) finish(run, "delete", type);
    this.pulumi.writeState(this.stack, null);
    summary(run, { delete: types.length });
  };

  remove = async (): Promise<void> => {
    this.note("remove");
    rmSync(stateFile(this.pulumi.state, this.stack), { force: true });
  };

  cancel = async (): Promise<void> => {
    this.note("cancel");
    rmSync(lockDirectory(this.pulumi.state, this.stack), { recursive: true, force: true });
  };

  exportState = async (): Promise<string> =>
    JSON.stringify({ version: 3, deployment: this.pulumi.readState(this.stack) ?? {} });

  /** With the secrets in plain text. */
  exportPlain = async (): Promise<string> => {
    this.note("exportPlain");
    return JSON.stringify({ deployment: this.pulumi.readState(this.stack) });
  };

  previewRefresh = async (run: RunOptions): Promise<void> => {
    this.note("previewRefresh");
    for (const event of this.pulumi.refreshed) run.onEvent(event);
  };

  importState = async (file: string): Promise<void> => {
    this.note("import");
    const { deployment } = JSON.parse(readFileSync(file, "utf8")) as { deployment: Deployment };
    this.pulumi.writeState(this.stack, deployment);
  };

  refresh = async (urns: readonly string[]): Promise<void> => this.note(`refresh ${urns.map(nameOf).join(", ")} of`);

  outputs = async (): Promise<Record<string, unknown>> => this.pulumi.outputs;

  private async work(run: RunOptions): Promise<void> {
    await this.pulumi.during(run);
    const failure = this.pulumi.failures.shift();
    if (failure !== undefined) throw failure;
    if (run.signal.aborted) throw new Error("update canceled");
  }
}

export function lockDirectory(state: string, stack: string): string {
  return join(state, ".pulumi", "locks", "organization", "onebranch", stack);
}

export function urn(stack: string, type: string, name: string): string {
  return `urn:pulumi:${stack}::onebranch::${type}::${name}`;
}

/** The resources of a stack that `up` has made. */
export function resources(stack: string): StateResource[] {
  return types.map((type) => ({ urn: urn(stack, type, nameFor(type)), type, custom: true, id: nameFor(type) }));
}

function nameFor(type: string): string {
  return type.split(":").at(-1)!.toLowerCase();
}

function step(kind: "resourcePreEvent" | "resOutputsEvent", op: OpType, type: string): EngineEvent {
  const metadata = { op, urn: urn("dev", type, nameFor(type)), type, provider: "" };
  return { sequence: 0, timestamp: 0, [kind]: { metadata } };
}

function finish(run: RunOptions, op: OpType, type: string): void {
  run.onEvent(step("resourcePreEvent", op, type));
  run.onEvent(step("resOutputsEvent", op, type));
}

function summary(run: RunOptions, resourceChanges: Partial<Record<OpType, number>>): void {
  const summaryEvent = { maybeCorrupt: false, durationSeconds: 1, resourceChanges, policyPacks: {} };
  run.onEvent({ sequence: 0, timestamp: 0, summaryEvent });
}
