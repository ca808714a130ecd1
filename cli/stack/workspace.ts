import { output as pulumiOutput } from "@pulumi/pulumi";
import {
  LocalWorkspace,
  Stack,
  type LocalWorkspaceOptions,
  type PulumiCommand,
  type PulumiFn,
} from "@pulumi/pulumi/automation";
import { CommandFailed, runCommand, type CommandOutput } from "./command";
import { endPlugins } from "./plugins";
import type { ListOptions, PulumiStack, OpenOptions, RunOptions } from "./pulumi";

/** The version of the CLI that the Automation API is to expect: one that sends its events over a local connection. */
const cliVersion = "3.259.0";

/**
 * Opens a stack over the Automation API. Each call of the CLI costs about half a second, so those whose answers are
 * known are left out: the version, selecting a stack that exists, and outputs and history after a run.
 */
export async function openStack(options: OpenOptions, program: PulumiFn): Promise<PulumiStack> {
  const { stack: name, workDir, env } = options;
  const watched: { kill?: AbortSignal } = {};
  const pulumiCommand = pulumiCli(watched);
  const workspaceOptions: LocalWorkspaceOptions = { workDir, envVars: { ...env }, pulumiCommand };
  let outputs: Record<string, unknown> = {};

  const call = (args: string[], input?: string): Promise<CommandOutput> =>
    runCommand("pulumi", [...args, "--non-interactive"], {
      cwd: workDir,
      env: { ...process.env, ...env },
      ...(input !== undefined && { input }),
    });
  const selected = async (): Promise<Stack> =>
    Stack.select(name, await knownStack({ ...workspaceOptions, program: capture }));
  async function capture(): Promise<Record<string, unknown>> {
    outputs = ((await program()) as Record<string, unknown> | undefined) ?? {};
    return outputs;
  }
  const within = async <T>({ kill }: RunOptions, work: () => Promise<T>): Promise<T> => {
    watched.kill = kill;
    kill.addEventListener("abort", () => endPlugins(options.root, name));
    try {
      return await work();
    } finally {
      delete watched.kill;
    }
  };

  return {
    async exists() {
      try {
        await call(["stack", "select", "--stack", name]);
        return true;
      } catch (error) {
        if (error instanceof CommandFailed && /no stack named/.test(error.output.stderr)) return false;
        throw error;
      }
    },
    create: async () => void (await call(["stack", "init", name, "--no-select"])),
    setSecret: async (key, value) => void (await call(["config", "set", "--secret", "--stack", name, key], value)),
    up: (run) =>
      within(run, async () => {
        await (await selected()).up({ onEvent: (event) => run.onEvent(event), signal: run.signal, color: "never" });
        return resolved(outputs);
      }),
    preview: (run) =>
      within(run, async () => {
        await (
          await selected()
        ).preview({ onEvent: (event) => run.onEvent(event), signal: run.signal, color: "never" });
      }),
    destroy: (run) =>
      within(run, async () => {
        await (
          await selected()
        ).destroy({ onEvent: (event) => run.onEvent(event), signal: run.signal, color: "never" });
      }),
    remove: async () => void (await call(["stack", "rm", "--yes", "--stack", name])),
    cancel: async () => void (await call(["cancel", "--yes", "--stack", name])),
    exportState: async () => (await call(["stack", "export", "--stack", name])).stdout,
    exportPlain: async () => (await call(["stack", "export", "--show-secrets", "--stack", name])).stdout,
    previewRefresh: (run) =>
      within(run, async () => {
        await (
          await selected()
        ).previewRefresh({ onEvent: (event) => run.onEvent(event), signal: run.signal, color: "never" });
      }),
    importState: async (file) => void (await call(["stack", "import", "--file", file, "--stack", name])),
    refresh: async (urns) => {
      const targets = urns.flatMap((urn) => ["--target", urn]);
      await call(["refresh", "--yes", "--skip-preview", ...targets, "--stack", name]);
    },
    async outputs() {
      const { stdout } = await call(["stack", "output", "--json", "--show-secrets", "--stack", name]);
      return JSON.parse(stdout) as Record<string, unknown>;
    },
  };
}

/** Names of the project's stacks in the backend that the variables name. */
export async function listStacks({ workDir, env }: ListOptions): Promise<string[]> {
  const { stdout } = await runCommand("pulumi", ["stack", "ls", "--json", "--non-interactive"], {
    cwd: workDir,
    env: { ...process.env, ...env },
  });
  return ((JSON.parse(stdout) as { name: string }[] | null) ?? []).map(({ name }) => name);
}

/** The plain values behind a program's outputs, secrets included: they stay in this process. */
async function resolved(outputs: Record<string, unknown>): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    pulumiOutput(outputs).apply((values) => resolve(values as Record<string, unknown>));
  });
}

/** A workspace that takes the stack's existence for granted and leaves reading its outputs to the program itself. */
async function knownStack(options: LocalWorkspaceOptions): Promise<LocalWorkspace> {
  const workspace = await LocalWorkspace.create(options);
  workspace.selectStack = async () => undefined;
  workspace.stackOutputs = async () => ({});
  Object.defineProperty(workspace, "pulumiVersion", { get: () => cliVersion });
  return workspace;
}

/** The CLI as the Automation API calls it, through our own spawner. */
function pulumiCli(watched: { kill?: AbortSignal }): PulumiCommand {
  const command = {
    command: "pulumi",
    version: null,
    async run(
      args: string[],
      cwd: string,
      env: Record<string, string>,
      _onOutput?: unknown,
      _onError?: unknown,
      signal?: AbortSignal,
    ): Promise<CommandOutput> {
      // The Automation API asks for it after every run, to fill a summary that nothing here reads.
      if (args[0] === "stack" && args[1] === "history") return { stdout: "[]", stderr: "", code: 0 };
      return runCommand("pulumi", [...args, "--non-interactive"], {
        cwd,
        env: { ...process.env, ...env, PULUMI_AUTOMATION_API: "true" },
        ...(signal && { interrupt: signal }),
        ...(watched.kill && { kill: watched.kill }),
      });
    },
  };
  return command;
}
