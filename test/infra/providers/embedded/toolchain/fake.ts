import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { BuildEvent } from "../../../../../infra/providers/embedded/toolchain";
import type { Host } from "../../../../../infra/providers/embedded/toolchain/host";
import { moduleParts, specs } from "../../../../../infra/providers/embedded/toolchain/parts";
import { run, type RunOptions, type RunResult } from "../../../../../machine/run";

export interface Call {
  command: string;
  args: readonly string[];
  options: RunOptions;
}

type Answer = Partial<RunResult> | undefined | Promise<Partial<RunResult> | undefined>;

/** A machine with the Go module, a Go that makes its output at once, and as much room as a test gives it. */
export class Machine {
  readonly root = mkdtempSync(join(tmpdir(), "onebranch-toolchain-"));
  readonly calls: Call[] = [];
  /** What builds reported. */
  readonly events: BuildEvent[] = [];
  freeGigabytes = 100;
  goVersion = "go1.26.8";
  platform = "linux";
  env: NodeJS.ProcessEnv = {
    PATH: "/usr/bin",
    HOME: join(this.root, "home"),
    ONEBRANCH_CACHE: join(this.root, "cache"),
    // A test that looks for release files looks on this machine.
    ONEBRANCH_RELEASES: "never",
  };
  /** answers before the machine does; undefined leaves it to the machine */
  answer: (call: Call) => Answer = () => undefined;

  constructor() {
    this.write("modules/go.mod", "module onebranch.dev/toolchain\n\ngo 1.27.0\n\ntoolchain go1.27.3\n");
    this.write("modules/go.sum", "");
    this.write("modules/standin/main.go", "package main\n");
    this.write("modules/argocd/redis/redis.go", "package redis\n");
    this.write("digests.json", "{}");
    for (const folder of [...moduleParts, "process"]) this.write(`modules/${folder}/main.go`, "package main\n");
    for (const name of new Set(Object.values(specs).flatMap(({ patches }) => patches))) {
      this.write(`modules/patches/${name}.json`, JSON.stringify({ module: `example.org/${name}`, changes: [] }));
    }
    this.write("renderer/main.go", "package main\n");
    this.write(
      "package.json",
      JSON.stringify({ dependencies: { "@pulumi/kubernetes": "4.34.2", "@pulumi/random": "4.21.2" } }),
    );
    for (const file of ["application", "applicationset", "appproject"]) {
      this.write(`download/manifests/crds/${file}-crd.yaml`, "kind: CustomResourceDefinition\n");
    }
    for (const file of ["cm", "cmd-params-cm", "gpg-keys-cm", "rbac-cm", "ssh-known-hosts-cm", "tls-certs-cm"]) {
      this.write(`download/manifests/base/config/argocd-${file}.yaml`, "kind: ConfigMap\n");
    }
    this.write("download/hack/git-verify-wrapper.sh", "#!/bin/sh\n");
    this.write("download/cmd/pulumi-resource-kubernetes/schema.json", '{"name":"kubernetes"}');
    this.write("download/hack/git-verify-wrapper.sh", "#!/bin/sh\n");
    this.write("download/cmd/pulumi-resource-kubernetes/terraform-mapping.json", "{ }");
  }

  write(file: string, content: string): string {
    const path = join(this.root, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  get cache(): string {
    return join(this.root, "cache", "toolchain");
  }

  host(): Host {
    return {
      env: this.env,
      modules: join(this.root, "modules"),
      renderer: join(this.root, "renderer"),
      packageFile: join(this.root, "package.json"),
      digests: join(this.root, "digests.json"),
      platform: this.platform,
      arch: "x64",
      heartbeat: 5,
      lockPoll: 5,
      probe: 2000,
      silence: 30_000,
      freeSpace: () => Promise.resolve({ bytes: this.freeGigabytes * 1e9, device: 1 }),
      run: async (command, args, options) => {
        const call = { command, args, options };
        this.calls.push(call);
        const answer = (await this.answer(call)) ?? (await this.usual(call));
        return { code: 0, stdout: "", stderr: "", ...answer };
      },
    };
  }

  /** For a build on this machine. */
  options() {
    return { onEvent: (event: BuildEvent) => void this.events.push(event), host: this.host() };
  }

  /** the parts that were compiled, by the name of the output */
  built(): string[] {
    return this.calls
      .filter(({ command, args }) => command === "go" && makesBinary(args))
      .map(({ args }) => outputOf(args).split("/").at(-1) ?? "");
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  private usual({ command, args, options }: Call): Answer {
    if (command === "go" && args[0] === "env") {
      const caches = { GOCACHE: join(this.root, "go-build"), GOMODCACHE: join(this.root, "go-mod") };
      return { stdout: JSON.stringify({ GOVERSION: this.goVersion, ...caches }) };
    }
    if (command === "go" && args[0] === "build") {
      if (makesBinary(args)) writeFileSync(outputOf(args), "binary\n");
      return {};
    }
    if (command === "go") return { stdout: JSON.stringify({ Dir: join(this.root, "download") }) };
    if (command === "git") return {};
    // Files are unpacked for real.
    if (command === "tar") return run(command, args, options);
    return { code: null, missing: true };
  }
}

/** Whether it compiles a part; the standard library is compiled before. */
export function makesBinary(args: readonly string[]): boolean {
  return args[0] === "build" && args.includes("-o");
}

export function outputOf(args: readonly string[]): string {
  return args[args.indexOf("-o") + 1] ?? "";
}

/** Resolves once the machine has been asked for something that fits. */
export async function asked(machine: Machine, fits: (call: Call) => boolean): Promise<void> {
  while (!machine.calls.some(fits)) await new Promise((resolve) => setTimeout(resolve, 2));
}
