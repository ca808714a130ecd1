import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { goEnvironment } from "../../../../machine/go-build";
import { ToolchainError } from "./errors";
import { patchModules, stageModule, writeEmbedded, type Go } from "./generate";
import { goFailure } from "./go";
import { defaultHost } from "./host";
import { moduleParts, specs, target } from "./parts";

/** After a change of versions: completes go.mod and go.sum of the module, as it is built with its changed copies. */
async function tidy(): Promise<void> {
  const host = defaultHost();
  const directory = await mkdtemp(join(tmpdir(), "onebranch-tidy-"));
  try {
    const parts = Object.values(specs);
    const whole = {
      ...target("cluster"),
      shared: [...new Set([...moduleParts, ...parts.flatMap(({ shared }) => shared)])],
      patches: [...new Set(parts.flatMap(({ patches }) => patches))],
    };
    const module = await stageModule(whole, host.modules, directory);
    const go: Go = async (args) => {
      const env = { ...goEnvironment(host.env), GOFLAGS: "-mod=mod" };
      const { code, stdout, stderr } = await host.run("go", args, { cwd: module, env });
      if (code !== 0) throw new ToolchainError([goFailure("the module", stderr || stdout, code)]);
      return stdout;
    };
    const file = join(module, "go.mod");
    const before = replacements(await readFile(file, "utf8"));
    await writeEmbedded(join(module, "pulumi"), {}, {});
    const modules = await patchModules({ target: whole, module, go }, host.modules);
    // -e: tests of other modules import packages that are gone, and nothing here needs them.
    await go(["mod", "tidy", "-e"]);
    const after = replacements(await readFile(file, "utf8"));
    for (const path of after.keys()) {
      const own = before.get(path);
      await go(["mod", "edit", own === undefined ? `-dropreplace=${path}` : `-replace=${path}=${own}`]);
    }
    // The sums of the modules that the copies are made of: nothing was built from them meanwhile.
    await go(["mod", "download", ...modules]);
    for (const name of ["go.mod", "go.sum"]) {
      await writeFile(join(host.modules, name), await readFile(join(module, name), "utf8"));
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** What go.mod replaces: path to what takes its place, as `go mod edit` is told. */
function replacements(text: string): Map<string, string> {
  const lines = [...text.matchAll(/^(?:replace |\t)(\S+) => (\S+)(?: (\S+))?$/gm)];
  return new Map(lines.map(([, path, by, version]) => [path!, version === undefined ? by! : `${by}@${version}`]));
}

void tidy().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
