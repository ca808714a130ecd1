import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { formatProgress, progressMeter } from "../../../machine/build-progress";
import { buildArguments, goEnvironment, packageName, packagesOf, staleArguments } from "../../../machine/go-build";
import { withLock } from "../../../machine/lock";
import { removeOldRenderers, rendererEntry, rendererProgram, rendererSources } from "../../../machine/renderer";
import { run } from "../../../machine/run";
import { UserError } from "../../../model/errors";

/** How many bytes of renders are kept for later runs; undefined leaves it to the renderer. */
export function rendersBound(env: Readonly<Record<string, string | undefined>>): number | undefined {
  const said = env.ONEBRANCH_RENDERS_MIB;
  if (!said) return undefined;
  if (!/^\d{1,7}$/.test(said)) {
    throw new UserError(
      `ONEBRANCH_RENDERS_MIB is "${said}": give the MiB of renders to keep as a whole number; 0 keeps none`,
    );
  }
  return Number(said) * 2 ** 20;
}

export interface BinaryOptions {
  env: Readonly<Record<string, string | undefined>>;
  /** Called before a build, and now and then while it runs. */
  progress?: (text: string) => void;
  sources?: string;
  /** The Go command; tests name another one. */
  go?: string;
}

/**
 * The renderer's program, built at its first use where `make up` has not built it, and kept by the hash of its sources.
 * @throws UserError when Go is missing or the build fails
 */
export async function rendererBinary(options: BinaryOptions): Promise<string> {
  const { env, sources = rendererSources, go = "go" } = options;
  const entry = rendererEntry(env, sources);
  const binary = join(entry.directory, rendererProgram);
  if (existsSync(binary)) return binary;
  await checkGo(go, env);
  const progress = options.progress ?? (() => undefined);
  const waiting = ({ pid }: { pid: number }) => progress(`waiting for process ${pid}, which builds the renderer`);
  await withLock(`${entry.directory}.lock`, { poll: 500, waiting }, async () => {
    if (existsSync(binary)) return;
    progress("building the renderer, once for each version of it");
    const draft = `${entry.directory}.tmp-${process.pid}`;
    try {
      await mkdir(draft, { recursive: true });
      await build(go, sources, join(draft, rendererProgram), { ...entry, env, progress });
      await rename(draft, entry.directory);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
    await removeOldRenderers(entry);
  });
  return binary;
}

async function checkGo(go: string, env: BinaryOptions["env"]): Promise<void> {
  const { code } = await run(go, ["version"], { env });
  if (code === 0) return;
  throw new UserError(
    "the renderer has to be built once, and Go is not installed: install Go 1.26 or later (https://go.dev/dl) and run the same command again",
  );
}

/** Seconds between two lines of a build. */
const every = 15;

async function build(
  go: string,
  sources: string,
  output: string,
  { env, progress, ...program }: ReturnType<typeof rendererEntry> & Required<Pick<BinaryOptions, "env" | "progress">>,
): Promise<void> {
  const options = { cwd: sources, env: goEnvironment(env) };
  const stale = await run(go, staleArguments(program), options);
  const meter = progressMeter(packagesOf(stale.stdout).length);
  const timer = setInterval(() => progress(`renderer: ${formatProgress(meter.progress)}`), every * 1000);
  const onErrors = (text: string) => meter.compile(packagesOf(text).length);
  const { code, signal, stderr } = await run(go, buildArguments(program, output), { ...options, onErrors });
  clearInterval(timer);
  if (code === 0) return;
  const lines = stderr.split("\n").filter((line) => !packageName.test(line));
  const reason = lines.join("\n").trim() || `${go} ended with ${signal ?? `code ${code}`}`;
  throw new UserError(`the renderer cannot be built: ${reason}`, { exitCode: 1 });
}
