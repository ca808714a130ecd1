import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { copyFileWritable } from "./copy";
import type { Part, Target } from "./parts";
import { applyPatches } from "./patch";
import { argocdManifests } from "./release/files";

/** Runs `go` in the staged module and returns what it printed; a failure is an error that names the part. */
export type Go = (args: string[], options?: GoOptions) => Promise<string>;

export interface GoOptions {
  signal?: AbortSignal;
  /** called with what it says, as it says it */
  onErrors?: (text: string) => void;
}

export interface Stage {
  target: Target;
  /** the copy of the module that is built */
  module: string;
  /** the finished part, under construction */
  output: string;
  go: Go;
}

/** What a part needs before it is compiled: files to embed, files to hand out with it. */
export const generators: Partial<Record<Part, (stage: Stage) => Promise<void>>> = {
  argocd: copyFromArgoCd,
  pulumi: embedSchema,
};

async function moduleDirectory(go: Go, path: string): Promise<string> {
  const { Dir } = JSON.parse(await go(["mod", "download", "-json", path])) as { Dir: string };
  return Dir;
}

/** A copy, so that generated files never lie in the checkout and two checkouts never meet. */
export async function stageModule(
  { package: path, shared }: Pick<Target, "package" | "shared">,
  modules: string,
  directory: string,
): Promise<string> {
  const staged = join(directory, "module");
  for (const file of ["go.mod", "go.sum", path, ...shared]) {
    await cp(join(modules, file), join(staged, file), { recursive: true });
  }
  return staged;
}

/** Lets the staged module be built from changed copies of other modules, beside it. Returns their paths. */
export async function patchModules({ target, module, go }: Omit<Stage, "output">, modules: string): Promise<string[]> {
  const changed = await Promise.all(
    target.patches.map(async (name) => {
      const copy = join(module, "..", "patched", name);
      // Go says where a module lies only as long as nothing replaces it.
      const find = (path: string) => moduleDirectory(go, path);
      return { name, module: await applyPatches(join(modules, "patches"), name, copy, find) };
    }),
  );
  const replacements = changed.map(({ name, module: path }) => `-replace=${path}=../patched/${name}`);
  if (replacements.length > 0) await go(["mod", "edit", ...replacements]);
  return changed.map(({ module: path }) => path);
}

/** The CRDs and base ConfigMaps of exactly the Argo CD that was built, and the script that its repo-server calls. */
async function copyFromArgoCd({ target, output, go }: Stage): Promise<void> {
  const source = await moduleDirectory(go, "github.com/argoproj/argo-cd/v3");
  const copy = (from: string, to: string, files: readonly string[], mode?: number) =>
    Promise.all(files.map((file) => copyFileWritable(join(source, from, file), join(output, to, file), mode)));
  await copy("manifests/crds", "manifests/crds", argocdManifests.crds);
  await copy("manifests/base/config", "manifests/config", argocdManifests.config);
  await copy("hack", "bin", target.scripts, 0o755);
}

/** The provider wants its schema with the version it calls itself, and its mapping, beside its main package. */
async function embedSchema({ target, module, go }: Stage): Promise<void> {
  const provider = "github.com/pulumi/pulumi-kubernetes/provider/v4";
  const version = target.set[`${provider}/pkg/version.Version`];
  const source = join(await moduleDirectory(go, provider), "cmd", "pulumi-resource-kubernetes");
  const read = async (name: string) => JSON.parse(await readFile(join(source, name), "utf8")) as object;
  const schema = { ...(await read("schema.json")), version };
  await writeEmbedded(join(module, target.part), schema, await read("terraform-mapping.json"));
}

/** The files that `modules/pulumi` embeds. */
export async function writeEmbedded(directory: string, schema: object, mapping: object): Promise<void> {
  await writeFile(join(directory, "schema-embed.json"), JSON.stringify(schema));
  await writeFile(join(directory, "terraform-mapping-embed.json"), JSON.stringify(mapping));
}
