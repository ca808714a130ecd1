import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cluster } from "./cluster";

/** Argo Rollouts, for its definitions alone; its controller would need containers. */
const module = "github.com/argoproj/argo-rollouts@v1.8.3";

/** Where Go keeps the definitions of Argo Rollouts, or why they are not to be had. They are no part of this repository. */
export function rolloutDefinitions(): { files: string[] } | { missing: string } {
  try {
    const options = {
      cwd: tmpdir(),
      encoding: "utf8",
      env: { ...process.env, GOFLAGS: "-mod=mod", GOWORK: "off" },
    } as const;
    const said = execFileSync("go", ["mod", "download", "-json", module], { ...options, stdio: "pipe" });
    const { Dir } = JSON.parse(said) as { Dir: string };
    return {
      files: ["rollout", "analysis-template"].map((name) => join(Dir, "manifests", "crds", `${name}-crd.yaml`)),
    };
  } catch (error) {
    return { missing: `${module} cannot be downloaded: ${(error as Error).message.split("\n")[0]}` };
  }
}

interface Rollout {
  metadata: { name: string; namespace: string; generation: number };
  spec: { template: { spec: { containers: { image: string }[] } } };
  status?: { observedGeneration?: string };
}

/** Stands in for the controller of Argo Rollouts in one cluster: writes the status that it would write. */
export class RolloutScript {
  private readonly timer: NodeJS.Timeout;

  /** @param aborts whether the rollout to an image is aborted */
  constructor(
    private readonly cluster: Cluster,
    private readonly aborts: (image: string) => boolean,
  ) {
    this.timer = setInterval(() => this.tryTo(), 3000);
  }

  end(): void {
    clearInterval(this.timer);
  }

  /** A cluster that does not answer is asked again. */
  private tryTo(): void {
    try {
      this.act();
    } catch (error) {
      console.log(`      a Rollout gets its status later: ${(error as Error).message.split("\n")[0]}`);
    }
  }

  private act(): void {
    const list = ["get", "rollouts.argoproj.io", "--all-namespaces", "--output", "json"];
    const { items } = JSON.parse(this.cluster.kubectl(...list)) as { items: Rollout[] };
    for (const { metadata, spec, status } of items) {
      const { name, namespace, generation } = metadata;
      if (status?.observedGeneration === String(generation)) continue;
      const patch = JSON.stringify({ status: { observedGeneration: String(generation), ...this.judge(spec) } });
      const of = ["rollouts.argoproj.io", name, "--namespace", namespace, "--subresource", "status"];
      this.cluster.kubectl("patch", ...of, "--type", "merge", "--patch", patch);
    }
  }

  private judge({ template }: Rollout["spec"]): object {
    if (!this.aborts(template.spec.containers[0]!.image)) return { phase: "Healthy", message: null, abort: null };
    const message = 'RolloutAborted: Rollout aborted update to revision 2: Metric "success" assessed Failed';
    return { phase: "Degraded", message, abort: true };
  }
}
