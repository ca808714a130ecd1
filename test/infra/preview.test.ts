import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findToolchain } from "../../infra/providers/embedded/toolchain";
import { addTree } from "../support/fixtures";
import { missingPlugins, preparePlugins } from "../support/plugins";
import { inCheckout } from "../support/paths";
import { skip } from "../support/skip";

/** One step of `pulumi preview --json`. */
interface Step {
  op: string;
  urn: string;
  newState?: {
    type: string;
    inputs?: Record<string, unknown>;
    provider?: string;
    deletedWith?: string;
    additionalSecretOutputs?: string[];
  };
}

interface Plan {
  steps: Step[];
}

const hidden = "[secret]";

describe("pulumi preview as kind, with the real plugins", function () {
  let root: string;
  let plugins: ReturnType<typeof preparePlugins> | undefined;
  let env: NodeJS.ProcessEnv;

  before(async function () {
    const missing = missingPlugins();
    if (missing) return skip(this, missing);
    const toolchain = await findToolchain({ parts: ["pulumi"] });
    if (!toolchain) return skip(this, "no pulumi: run `make toolchain`");
    plugins = preparePlugins();
    root = checkout();
    const host = join(plugins.base, "pulumi-resource-pulumi-nodejs");
    writeFileSync(
      host,
      `#!/bin/sh\nexec node ${inCheckout("node_modules/@pulumi/pulumi/cmd/dynamic-provider")} "$@"\n`,
    );
    chmodSync(host, 0o755);
    const path = [plugins.base, toolchain.runBin, plugins.path, inCheckout("node_modules/.bin"), process.env.PATH];
    env = {
      ...process.env,
      PATH: path.join(delimiter),
      PULUMI_HOME: plugins.home,
      PULUMI_BACKEND_URL: `file://${plugins.base}`,
      PULUMI_CONFIG_PASSPHRASE: "preview",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      // No daemon may be needed, so none is found.
      DOCKER_HOST: "unix:///nonexistent/docker.sock",
    };
  });
  after(() => {
    if (plugins) rmSync(plugins.base, { recursive: true });
    if (root) rmSync(root, { recursive: true });
  });

  /** A clone of its own: Pulumi writes into the stacks' files. */
  function checkout(): string {
    const folder = mkdtempSync(join(tmpdir(), "onebranch-preview-"));
    for (const part of ["infra", "machine", "model", "package.json", "tsconfig.json", "Pulumi.yaml"]) {
      cpSync(inCheckout(part), join(folder, part), { recursive: true });
    }
    addTree(folder);
    symlinkSync(inCheckout("node_modules"), join(folder, "node_modules"));
    const git = (...args: string[]) =>
      execFileSync("git", ["-C", folder, "-c", "user.name=t", "-c", "user.email=t@example.org", ...args]);
    git("init", "--quiet", "--initial-branch", "main");
    git("add", "gitops", "Pulumi.yaml");
    git("commit", "--quiet", "--message", "tree");
    return folder;
  }

  function pulumi(...args: string[]): string {
    return execFileSync("pulumi", [...args, "--non-interactive"], {
      cwd: root,
      env,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  for (const stack of ["dev", "staging"]) {
    it(`plans ${stack}: cluster, release and root, without Docker and with nothing plain that should be secret`, () => {
      pulumi("stack", "init", stack);
      pulumi("config", "set", "--stack", stack, "repoUsername", "reader");
      pulumi("config", "set", "--stack", stack, "--secret", "repoPassword", "not-to-be-seen");
      const output = pulumi("preview", "--stack", stack, "--json");
      assert.doesNotMatch(output, /not-to-be-seen/);
      assert.doesNotMatch(readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8"), /not-to-be-seen/);

      const { steps } = JSON.parse(output) as Plan;
      assert.deepEqual([...new Set(steps.map(({ op }) => op))], ["create"]);
      const state = (name: string) => {
        const found = steps.filter(({ urn }) => urn.endsWith(`::${name}`)).map(({ newState }) => newState);
        assert.equal(found.length, 1, name);
        return found[0];
      };
      assert.equal(state("cluster")?.type, "kind:index/cluster:Cluster");
      assert.equal(state("cluster")?.inputs?.name, `onebranch-${stack}`);
      assert.equal(state("argocd")?.type, "kubernetes:helm.sh/v3:Release");
      assert.equal(state("argocd")?.inputs?.version, "10.10.2");
      assert.equal(state("root")?.type, "kubernetes:argoproj.io/v1alpha1:ApplicationSet");

      assert.deepEqual(state("cluster")?.additionalSecretOutputs, ["kubeconfig", "clientKey", "clientCertificate"]);
      for (const name of ["in-cluster", "repository", "argocd-redis", "argocd-secret"]) {
        assert.equal(state(name)?.inputs?.stringData, hidden, `${name} shows its data`);
      }
      for (const name of ["kubernetes", "argocd-guard", "identity-proof"]) {
        assert.equal(state(name)?.inputs?.kubeconfig, hidden, `${name} shows the kubeconfig`);
      }
      for (const step of steps) {
        if (!step.newState?.type.startsWith("kubernetes:")) continue;
        assert.match(step.newState.provider ?? "", /pulumi:providers:kubernetes::kubernetes::/, step.urn);
        assert.match(step.newState.deletedWith ?? "", /kind:index\/cluster:Cluster::cluster$/, step.urn);
      }
    });
  }

  it("refuses a Kubernetes resource that would take whatever cluster the shell points at", () => {
    const file = join(root, "infra", "outputs.ts");
    const text = readFileSync(file, "utf8");
    const stray = 'new (require("@pulumi/kubernetes").core.v1.ConfigMap)("stray", { metadata: { name: "stray" } });\n';
    writeFileSync(file, text + stray);
    try {
      assert.throws(() => pulumi("preview", "--stack", "dev"), {
        stdout: /Default provider for 'kubernetes' disabled\..*stray' must use an explicit provider/,
      });
    } finally {
      writeFileSync(file, text);
    }
  });
});
