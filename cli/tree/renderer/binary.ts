import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { cacheRoot } from "../../../machine/cache";
import { run } from "../../../machine/run";
import { UserError } from "../../../model/errors";
import { sourceRoot } from "../../../model/source-root";

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

/** The Go sources of the renderer. */
export const rendererSources = join(sourceRoot, "renderer");

/** Lists the files that decide what the renderer does, tests left out, sorted. */
function sourceFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(\.go|^go\.(mod|sum)|\.json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.endsWith("_test.go") && !file.includes("testdata"))
    .sort();
}

/** Changes whenever a source file of the renderer does. */
export function sourceHash(directory = rendererSources): string {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}\n`);
  for (const file of sourceFiles(directory)) {
    const data = readFileSync(file);
    hash.update(`${file.slice(directory.length)} ${data.length}\n`).update(data);
  }
  return hash.digest("hex").slice(0, 16);
}

export interface BinaryOptions {
  env: Readonly<Record<string, string | undefined>>;
  /** Called once, before a build that takes about a minute. */
  progress?: (text: string) => void;
  sources?: string;
  /** The Go command; tests name another one. */
  go?: string;
}

/**
 * The renderer's program, built at its first use and kept by the hash of its sources.
 * @throws UserError when Go is missing or the build fails
 */
export async function rendererBinary(options: BinaryOptions): Promise<string> {
  const { env, progress, sources = rendererSources, go = "go" } = options;
  const directory = join(cacheRoot(env), `renderer-${sourceHash(sources)}`);
  const binary = join(directory, "onebranch-renderer");
  if (existsSync(binary)) return binary;
  await checkGo(go, env);
  progress?.("building the renderer, about a minute, once for each version of it");
  const draft = `${directory}.tmp-${process.pid}-${Math.random().toString(36).slice(2)}`;
  await mkdir(draft, { recursive: true });
  try {
    await build(go, sources, join(draft, "onebranch-renderer"), env, basename(directory));
    await rename(draft, directory).catch(async (error: unknown) => {
      // Another process was faster; its program is the same.
      if (!existsSync(binary)) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  await removeOld(cacheRoot(env), basename(directory));
  return binary;
}

async function checkGo(go: string, env: BinaryOptions["env"]): Promise<void> {
  const { code } = await run(go, ["version"], { env });
  if (code === 0) return;
  throw new UserError(
    "the renderer has to be built once, and Go is not installed: install Go 1.26 or later (https://go.dev/dl) and run the same command again",
  );
}

async function build(
  go: string,
  sources: string,
  output: string,
  env: BinaryOptions["env"],
  name: string,
): Promise<void> {
  // The program needs its own name, because it must not read renders that another version cached.
  const args = ["build", "-trimpath", "-buildvcs=false", "-ldflags", `-s -w -X main.build=${name}`, "-o", output, "."];
  const options = {
    cwd: sources,
    env: { ...env, CGO_ENABLED: "0", GOWORK: "off", GOFLAGS: "-mod=readonly" },
  };
  const { code, signal, stderr } = await run(go, args, options);
  if (code === 0) return;
  const reason = stderr.trim() || `${go} ended with ${signal ?? `code ${code}`}`;
  throw new UserError(`the renderer cannot be built: ${reason}`, { exitCode: 1 });
}

/** Older renderers are kept for checkouts of other versions. */
const kept = 4;

/** Removes all but the newest renderers. A running one goes on: it has its file open. */
async function removeOld(root: string, current: string): Promise<void> {
  const names = (await readdir(root)).filter((name) => /^renderer-[0-9a-f]{16}$/.test(name) && name !== current);
  const ages = await Promise.all(
    names.map(async (name) => ({
      name,
      time: await stat(join(root, name)).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    })),
  );
  const old = ages.sort((a, b) => b.time - a.time).slice(kept - 1);
  for (const { name } of old) await rm(join(root, name), { recursive: true, force: true });
}
