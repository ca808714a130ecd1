import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { findToolchain } from "../../infra/providers/embedded/toolchain";
import { Checkout } from "./support/checkout";
import { Cluster } from "./support/cluster";
import { eventually } from "./support/eventually";
import { filesOf, listens, nothingRuns, processesOf } from "./support/leftovers";

const stages = ["dev", "staging", "prod"] as const;
type Stage = (typeof stages)[number];

interface Pin {
  version: string;
  chart: string;
  image: { repository: string; tag: string };
}

interface StatusEntry {
  cluster: string;
  stage: string;
  region: string;
  provider: string;
  revision: string;
  components: { name: string; sync: string; health: string; revision: string }[];
}

interface Deployment {
  metadata: { labels: Record<string, string> };
  spec: { replicas: number; template: { spec: { containers: { image: string }[] } } };
}

/** How Argo CD answers a login; its certificate is its own. */
function session(url: string, login: object): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json" };
    const options = { method: "POST", headers, rejectUnauthorized: false };
    const sent = request(`${url}/api/v1/session`, options, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on("error", reject);
    sent.end(JSON.stringify(login));
  });
}

/** Whether an object could be replaced; again where Argo CD has just written it too. */
function replaced(cluster: Cluster, file: string): string {
  for (;;) {
    try {
      return cluster.kubectl("replace", "--dry-run=server", "--filename", file);
    } catch (error) {
      if (!/the object has been modified/.test(String(error))) throw error;
    }
  }
}

describe("a stage comes up with one command", () => {
  const checkout = new Checkout();
  const clusters = {} as Record<Stage, Cluster>;
  let runBin: string;
  const up = (stage: Stage) => ["up", stage, "--provider", "embedded", "--yes"];
  const head = () => checkout.git("rev-parse", "HEAD");
  const deployment = (stage: Stage, name: string) =>
    JSON.parse(
      clusters[stage].kubectl("get", "deployment", name, "--namespace", name, "--output", "json"),
    ) as Deployment;

  /** Pulumi's own command on the stack's state, as somebody types it who knows Pulumi and not us. */
  function pulumi(...args: string[]): Promise<string> {
    const home = join(checkout.root, ".onebranch");
    const bin = join(checkout.root, "node_modules", ".bin");
    const env = {
      ...checkout.environment(),
      PATH: [join(home, "bin"), runBin, bin, process.env.PATH].join(delimiter),
      ONEBRANCH_ROOT: checkout.root,
      PULUMI_BACKEND_URL: `file://${join(home, "state")}`,
      PULUMI_CONFIG_PASSPHRASE_FILE: join(home, "passphrase"),
      PULUMI_HOME: join(home, "pulumi-home"),
      TMPDIR: join(home, "tmp"),
    };
    const cwd = join(home, "pulumi", "dev");
    return promisify(execFile)("pulumi", [...args, "--non-interactive"], { cwd, env }).then(({ stdout }) => stdout);
  }

  /** The kubeconfig of the person who runs kubectl; it and kubectl's cache outlive the clusters. */
  const person = join(checkout.home, "..", "person");
  const merged = join(person, "config");
  const kubectl = (...args: string[]) => {
    const env = { ...checkout.environment(), KUBECONFIG: merged, KUBECACHEDIR: join(person, "cache") };
    return execFileSync(join(clusters.dev.bin, "kubectl"), args, { encoding: "utf8", env }).trim();
  };

  before(async () => {
    for (const stage of stages) clusters[stage] = await Cluster.of(checkout, stage);
    runBin = (await findToolchain({ parts: ["pulumi"] }))?.runBin ?? "";
  });

  after(async () => {
    for (const stage of stages) await checkout.onebranch("destroy", stage, "--yes");
    checkout.remove();
  });

  it("ends with the table of Applications, the address, the login and the way to kubectl", async () => {
    const { stdout } = await checkout.succeed(...up("dev"));
    assert.match(stdout, new RegExp(`guestbook +Synced +Healthy +${head().slice(0, 7)}`));
    assert.match(stdout, /https:\/\/127\.0\.0\.1:\d+|https:\/\/localhost:\d+/);
    assert.match(stdout, /argocd login/);
    assert.match(stdout, /KUBECONFIG/);
    assert.equal(checkout.git("status", "--porcelain"), "");
  });

  it("merges its context into those that kubectl has, and makes it the current one", async () => {
    kubectl("config", "set-cluster", "work", "--server", "https://work.example:6443");
    kubectl("config", "set-context", "work", "--cluster", "work");
    checkout.env.KUBECONFIG = merged;
    await checkout.succeed("kubeconfig", "dev", "--merge");
    delete checkout.env.KUBECONFIG;
    assert.equal(kubectl("config", "get-contexts", "--output", "name"), "onebranch-dev\nwork");
    assert.equal(kubectl("config", "current-context"), "onebranch-dev");
    assert.match(kubectl("get", "configmap", "cluster-identity", "--namespace", "kube-system"), /cluster-identity/);
  });

  it("prints a kubeconfig that leads there by itself", async () => {
    const { stdout } = await checkout.succeed("kubeconfig", "dev");
    const file = join(checkout.tmp, "printed");
    writeFileSync(file, stdout);
    assert.match(kubectl("--kubeconfig", file, "get", "namespace", "argocd", "--output", "name"), /argocd/);
    rmSync(file);
  });

  it("open says that there is no web page, and the login that it prints is right", async () => {
    const { code, stdout, stderr } = await checkout.onebranch("open", "dev", "--json");
    assert.equal(code, 1);
    assert.match(stderr, /^the Argo CD of dev is built without its web page: /m);
    const { argocdURL, user: username, password } = JSON.parse(stdout) as Record<string, string>;
    assert.equal(await session(argocdURL!, { username, password }), 200);
    assert.equal(await session(argocdURL!, { username, password: "another" }), 401);
  });

  it("changes nothing the second time", async () => {
    const { stdout } = await checkout.succeed(...up("dev"), "--json");
    const { changes } = JSON.parse(stdout) as { changes: Record<string, number> };
    assert.deepEqual(Object.keys(changes), ["same"]);
  });

  it("starts no program that the settings of the checkout name", async () => {
    const [program, mark] = ["program", "mark"].map((name) => join(checkout.tmp, name)) as [string, string];
    writeFileSync(program, `#!/bin/sh\ntouch ${mark}\ncat\n`, { mode: 0o755 });
    for (const key of ["core.fsmonitor", "filter.spy.clean"]) checkout.git("config", key, program);
    writeFileSync(join(checkout.root, ".git/info/attributes"), "README.md filter=spy\n");
    utimesSync(join(checkout.root, "README.md"), new Date(), new Date());
    try {
      await checkout.succeed(...up("dev"));
      await checkout.succeed("preview", "dev", "--provider", "embedded");
      await checkout.succeed("status");
      assert.equal(existsSync(mark), false);
      checkout.git("status");
      assert.equal(existsSync(mark), true, "Git does not start it either");
    } finally {
      rmSync(join(checkout.root, ".git/info/attributes"));
      for (const key of ["core.fsmonitor", "filter.spy.clean"]) checkout.git("config", "--unset", key);
      rmSync(program);
      rmSync(mark, { force: true });
    }
  });

  it("brings staging and prod up beside it", async () => {
    await checkout.succeed(...up("staging"));
    await checkout.succeed(...up("prod"));
    const { stdout } = await checkout.succeed("status", "--json");
    const found = JSON.parse(stdout) as StatusEntry[];
    assert.deepEqual(found.map(({ cluster }) => cluster).sort(), ["dev", "prod", "staging"]);
    for (const { components, cluster, revision, provider } of found) {
      assert.equal(provider, "embedded");
      assert.equal(revision, head());
      const names = components.map(({ name }) => name);
      for (const name of ["bootstrap", "guardrails", "guestbook", "orders"]) assert.ok(names.includes(name), cluster);
      for (const { name, sync, health } of components)
        assert.deepEqual([cluster, name, sync, health], [cluster, name, "Synced", "Healthy"]);
    }
  });

  for (const stage of stages) {
    it(`runs ${stage}'s own versions and values`, () => {
      const pin = parse(checkout.read(`gitops/apps/guestbook/stages/${stage}/pin.yaml`)) as Pin;
      const found = deployment(stage, "guestbook");
      assert.equal(found.metadata.labels["helm.sh/chart"], `${pin.chart}-${pin.version}`);
      assert.equal(found.spec.template.spec.containers[0]!.image, `${pin.image.repository}:${pin.image.tag}`);
    });

    it(`leaves out of ${stage} what needs real nodes`, () => {
      const names = clusters[stage].applications().map(({ metadata }) => metadata.name);
      assert.ok(!names.includes("cert-manager"), names.join(", "));
    });

    it(`shows ${stage} its own identity, and an Application of another one is refused`, () => {
      const others = { dev: "staging", staging: "prod", prod: "dev" } as const;
      const data = JSON.parse(
        clusters[stage].kubectl("get", "configmap", "cluster-identity", "--namespace", "kube-system", "-o", "json"),
      ) as { data: Record<string, string>; immutable: boolean };
      assert.equal(data.immutable, true);
      assert.equal(data.data.stage, stage);
      const guestbook = clusters[stage].applications().find(({ metadata }) => metadata.name === "guestbook")!;
      const metadata = { ...guestbook.metadata, resourceVersion: undefined };
      const foreign = JSON.stringify({ ...guestbook, metadata, status: undefined }).replaceAll(
        `stages/${stage}/`,
        `stages/${others[stage]}/`,
      );
      const file = join(checkout.tmp, "foreign.json");
      writeFileSync(file, foreign);
      const refusal = /a value file is not one of this component's in this cluster/;
      assert.throws(() => replaced(clusters[stage], file), refusal);
      rmSync(file);
    });
  }

  it("gives each stage its own number of replicas", () => {
    assert.deepEqual(
      stages.map((stage) => deployment(stage, "guestbook").spec.replicas),
      [1, 2, 3],
    );
  });

  it("follows a commit in the one cluster it concerns; the others stay as they are", async () => {
    const before = { staging: clusters.staging.versions(), prod: clusters.prod.versions() };
    checkout.edit("gitops/apps/guestbook/stages/dev/values.yaml", "Guestbook (dev)", "Guestbook (changed)");
    const commit = checkout.commit("greet differently in dev");
    for (const stage of stages) await eventually(clusters[stage].followed(commit));
    assert.match(clusters.dev.kubectl("get", "configmap", "guestbook", "-n", "guestbook", "-o", "yaml"), /\(changed\)/);
    assert.deepEqual({ staging: clusters.staging.versions(), prod: clusters.prod.versions() }, before);
  });

  it("warns of what is not committed", async () => {
    checkout.edit("gitops/apps/guestbook/stages/dev/values.yaml", "(changed)", "(dirty)");
    const { output } = await checkout.succeed(...up("dev"));
    assert.match(output, /gitops\/apps\/guestbook\/stages\/dev\/values\.yaml/);
    assert.match(output, /commit/i);
    checkout.git("checkout", "--quiet", "--", "gitops");
  });

  it("tells a dead process: pulumi refresh sees it, preview names the update, up mends it", async () => {
    const record = readFileSync(join(clusters.dev.folder, "run", "kube-scheduler.json"), "utf8");
    process.kill((JSON.parse(record) as { pid: number }).pid, "SIGKILL");
    const preview = await checkout.succeed("preview", "dev");
    assert.match(preview.output, /would update pulumi-nodejs:onebranch:EmbeddedControlPlane control-plane/);
    const refresh = await pulumi("refresh", "--stack", "dev", "--yes", "--skip-preview", "--diff");
    assert.match(refresh, /running *: true => false/);
    await checkout.succeed(...up("dev"));
    assert.match(await pulumi("refresh", "--stack", "dev", "--yes", "--skip-preview"), /unchanged/);
  });

  it("destroy leaves no process, port, file or state of its cluster, and the others untouched", async () => {
    const before = { staging: clusters.staging.versions(), prod: clusters.prod.versions() };
    const ports = Object.values(
      JSON.parse(readFileSync(join(clusters.dev.folder, "ports.json"), "utf8")) as Record<string, unknown>,
    ).flatMap((value) => (typeof value === "object" ? Object.values(value as object) : [value]) as unknown[]);
    await checkout.succeed("destroy", "dev", "--yes");
    assert.deepEqual(processesOf(clusters.dev.folder), []);
    assert.equal(existsSync(clusters.dev.folder), false);
    assert.deepEqual(
      // What lies below the other clusters are their own clones of the tree.
      filesOf(join(checkout.root, ".onebranch"))
        .filter((file) => !file.startsWith("clusters/"))
        .filter((file) => file.split("/").some((part) => /^dev\b/.test(part))),
      [],
    );
    assert.equal(kubectl("config", "get-contexts", "--output", "name"), "work");
    rmSync(merged);
    for (const port of ports) if (typeof port === "number") assert.equal(await listens(port), false, `port ${port}`);
    assert.deepEqual({ staging: clusters.staging.versions(), prod: clusters.prod.versions() }, before);
  });

  it("destroy a second time says that there is nothing", async () => {
    const { output } = await checkout.succeed("destroy", "dev", "--yes");
    assert.match(output, /nothing/);
  });

  it("destroys a cluster whose Applications are syncing", async () => {
    checkout.edit("gitops/apps/guestbook/values.yaml", "Guestbook", "Guests");
    checkout.commit("greet differently everywhere");
    clusters.staging.kubectl(
      ...["annotate", "applications", "--all", "--namespace", "argocd", "argocd.argoproj.io/refresh=normal"],
    );
    await checkout.succeed("destroy", "staging", "--yes");
    assert.deepEqual(processesOf(clusters.staging.folder), []);
  });

  it("destroys a cluster whose control plane was killed by hand, and then nothing is left at all", async () => {
    for (const line of processesOf(clusters.prod.folder)) process.kill(Number(line.split(" ")[0]), "SIGKILL");
    await checkout.succeed("destroy", "prod", "--yes");
    await eventually(nothingRuns(checkout.root), 30);
    assert.deepEqual(filesOf(join(checkout.root, ".onebranch")), []);

    assert.deepEqual(filesOf(checkout.home), []);
    assert.deepEqual(filesOf(checkout.tmp), []);
    assert.equal(checkout.git("status", "--porcelain"), "");
  });
});
