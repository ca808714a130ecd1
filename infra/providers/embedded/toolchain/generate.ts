import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildArguments } from "./go";
import type { Part, Target } from "./parts";
import { applyPatches } from "./patch";

/** Runs `go` in the staged module and returns what it printed; a failure is an error that names the part. */
export type Go = (args: string[]) => Promise<string>;

export interface Stage {
  target: Target;
  /** the copy of the module that is built */
  module: string;
  /** the finished part, under construction */
  output: string;
  go: Go;
  command: (path: string, args: string[]) => Promise<void>;
}

/** What a part needs before it is compiled: files to embed, files to hand out with it, changed sources. */
export const generators: Partial<Record<Part, (stage: Stage) => Promise<void>>> = {
  argocd: prepareArgoCd,
  kubernetes: embedSchema,
  random: generateSchema,
};

async function moduleDirectory(stage: Stage, path: string): Promise<string> {
  const { Dir } = JSON.parse(await stage.go(["mod", "download", "-json", path])) as { Dir: string };
  return Dir;
}

/** In this order: Go no longer says where a module lies once it is replaced. */
async function prepareArgoCd(stage: Stage): Promise<void> {
  await copyManifests(stage);
  await applyPatches(
    stage.module,
    (module) => moduleDirectory(stage, module),
    async (module, directory) => {
      await stage.go(["mod", "edit", `-replace=${module}=${directory}`]);
    },
  );
}

/** The CRDs and base ConfigMaps of exactly the Argo CD that was built. */
async function copyManifests(stage: Stage): Promise<void> {
  const source = join(await moduleDirectory(stage, "github.com/argoproj/argo-cd/v3"), "manifests");
  const target = join(stage.output, "manifests");
  await mkdir(target, { recursive: true });
  // Go's module cache is read-only, and so would the copies be: they could not be deleted.
  await copyWritable(source, target, "crds", [
    "application-crd.yaml",
    "applicationset-crd.yaml",
    "appproject-crd.yaml",
  ]);
  await copyWritable(join(source, "base"), target, "config", [
    "argocd-cm.yaml",
    "argocd-cmd-params-cm.yaml",
    "argocd-gpg-keys-cm.yaml",
    "argocd-rbac-cm.yaml",
    "argocd-ssh-known-hosts-cm.yaml",
    "argocd-tls-certs-cm.yaml",
  ]);
}

async function copyWritable(from: string, to: string, directory: string, files: string[]): Promise<void> {
  await mkdir(join(to, directory), { recursive: true });
  for (const file of files) await writeFile(join(to, directory, file), await readFile(join(from, directory, file)));
}

/** The provider wants its schema with the version it calls itself, and its mapping, beside its main package. */
async function embedSchema(stage: Stage): Promise<void> {
  const plugin = stage.target.builds.find((build) => build.output === "pulumi-resource-kubernetes");
  if (plugin === undefined) return;
  const [version] = Object.values(plugin.set);
  const provider = await moduleDirectory(stage, "github.com/pulumi/pulumi-kubernetes/provider/v4");
  const source = join(provider, "cmd", "pulumi-resource-kubernetes");
  const schema = JSON.parse(await readFile(join(source, "schema.json"), "utf8")) as Record<string, unknown>;
  await writeFile(join(stage.module, "schema-embed.json"), JSON.stringify({ ...schema, version }));
  const mapping: unknown = JSON.parse(await readFile(join(source, "terraform-mapping.json"), "utf8"));
  await writeFile(join(stage.module, "terraform-mapping-embed.json"), JSON.stringify(mapping));
}

/** The bridge computes schema and metadata from the Terraform provider's code, so the generator is built first. */
async function generateSchema(stage: Stage): Promise<void> {
  const [plugin] = stage.target.builds;
  if (plugin === undefined) return;
  const generator = join(stage.module, "tfgen.bin");
  await stage.go(buildArguments({ package: "./tfgen", set: plugin.set }, generator));
  await stage.command(generator, ["schema", "--out", stage.module, "--skip-docs", "--skip-examples"]);
}

/** A copy, so that generated files never lie in the checkout and two checkouts never meet. */
export async function stageModules(target: Target, modules: string, directory: string): Promise<string> {
  for (const module of [target.part, ...target.shared]) {
    await cp(join(modules, module), join(directory, module), { recursive: true });
  }
  return join(directory, target.part);
}
