import assert from "node:assert/strict";
import { existsSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { resources } from "../../support/fake-pulumi";
import { Tool } from "../../support/tool";

const config = (context: string, server: string, user = "admin") => `apiVersion: v1
kind: Config
current-context: ${context}
clusters:
  - name: ${context}
    cluster: { server: "${server}", certificate-authority-data: QQ== }
contexts:
  - name: ${context}
    context: { cluster: ${context}, user: ${user} }
users:
  - name: ${user}
    user: { token: secret-of-${context} }
`;

const mine = `# my clusters
apiVersion: v1
kind: Config
current-context: work
preferences: {}
clusters:
  - name: work # at the office
    cluster: { server: "https://work:6443" }
contexts:
  - name: work
    context: { cluster: work, user: me, namespace: team }
users:
  - name: me
    user: { token: mine }
`;

interface Config {
  "current-context": string;
  contexts: { name: string; context: Record<string, string> }[];
  clusters: { name: string; cluster: Record<string, string> }[];
  users: { name: string; user: Record<string, string> }[];
}

describe("onebranch kubeconfig", () => {
  let tool: Tool;
  let file: string;
  beforeEach(() => {
    tool = new Tool();
    file = join(tool.checkout.root, "home", ".kube", "config");
    hasCluster("dev", config("onebranch-dev", "https://127.0.0.1:1"));
  });
  afterEach(() => tool.checkout.remove());

  function hasCluster(stack: string, kubeconfig: string): void {
    tool.hasRecord(stack);
    tool.pulumi.writeState(stack, { resources: resources(stack) });
    tool.checkout.write(`.onebranch/clusters/${stack}/kubeconfig`, kubeconfig);
  }
  const hasMine = (text = mine) => tool.checkout.write("home/.kube/config", text);
  const merged = (path = file) => parse(readFileSync(path, "utf8")) as Config;
  const names = ({ contexts }: Config) => contexts.map(({ name }) => name);

  it("prints it, and as JSON", async () => {
    assert.equal(await tool.run("onebranch kubeconfig dev"), 0);
    const printed = parse(tool.io.stdout) as Config;
    assert.equal(printed.clusters[0]!.cluster.server, "https://127.0.0.1:1");
    assert.equal(await tool.again("onebranch kubeconfig dev --json"), 0);
    assert.deepEqual(JSON.parse(tool.io.stdout), { stack: "dev", context: "onebranch-dev", kubeconfig: printed });
  });

  it("prints one context of a file with many, and takes in what it names", async () => {
    const theirs = tool.checkout.write("kube/config", mine.replace("token: mine", "client-key: me.key"));
    tool.checkout.write("kube/me.key", "the key");
    tool.hasRecord("dev", { provider: "existing", kubeconfig: { path: theirs, context: "work" } });
    assert.equal(await tool.run("onebranch kubeconfig dev"), 0);
    const { users } = parse(tool.io.stdout) as Config;
    assert.deepEqual(users, [{ name: "me", user: { "client-key-data": Buffer.from("the key").toString("base64") } }]);
  });

  it("asks Pulumi where this machine has no file, and takes no lock for it", async () => {
    tool.pulumi.outputs.kubeconfig = config("onebranch-dev", "https://far:6443");
    tool.hasRecord("dev", { kubeconfig: { path: join(tool.checkout.root, "elsewhere") } });
    assert.equal(await tool.run("onebranch kubeconfig dev"), 0);
    assert.match(tool.io.stdout, /https:\/\/far:6443/);
    assert.deepEqual(tool.pulumi.calls, ["prepare embedded"]);
  });

  describe("--merge", () => {
    it("makes the file that kubectl would, for its owner alone", async () => {
      assert.equal(await tool.run("onebranch kubeconfig dev --merge"), 0);
      assert.equal(tool.io.stdout, `onebranch-dev is the current context in ${file}\n`);
      assert.equal(statSync(file).mode & 0o777, 0o600);
      assert.deepEqual(merged(), {
        apiVersion: "v1",
        kind: "Config",
        clusters: [
          { name: "onebranch-dev", cluster: { server: "https://127.0.0.1:1", "certificate-authority-data": "QQ==" } },
        ],
        users: [{ name: "onebranch-dev", user: { token: "secret-of-onebranch-dev" } }],
        contexts: [{ name: "onebranch-dev", context: { cluster: "onebranch-dev", user: "onebranch-dev" } }],
        "current-context": "onebranch-dev",
      });
      assert.equal(existsSync(`${file}.lock`), false);
    });

    it("keeps the user's contexts, comments and links, and closes the file to others", async () => {
      const real = tool.checkout.write("dotfiles/config", mine);
      mkdirSync(join(tool.checkout.root, "home", ".kube"), { recursive: true });
      symlinkSync(real, file);
      assert.equal(await tool.run("onebranch kubeconfig dev --merge"), 0);
      assert.ok(lstatSync(file).isSymbolicLink());
      assert.equal(statSync(file).mode & 0o777, 0o600);
      const text = readFileSync(file, "utf8");
      for (const part of ["# my clusters", "# at the office", "preferences: {}", "token: mine"])
        assert.ok(text.includes(part), part);
      assert.deepEqual(names(merged()), ["work", "onebranch-dev"]);
    });

    it("replaces what an earlier cluster of that name left, and nothing else", async () => {
      hasMine();
      await tool.run("onebranch kubeconfig dev --merge");
      hasCluster("dev", config("onebranch-dev", "https://127.0.0.1:2"));
      assert.equal(await tool.again("onebranch kubeconfig dev --merge --json"), 0);
      assert.deepEqual(JSON.parse(tool.io.stdout), { stack: "dev", context: "onebranch-dev", path: file });
      assert.deepEqual(
        merged().clusters.map(({ cluster }) => cluster.server),
        ["https://work:6443", "https://127.0.0.1:2"],
      );
      assert.equal(merged().users.length, 2);
    });

    it("writes into the first file of KUBECONFIG that exists, else into the last", async () => {
      const [a, b, c] = ["a", "b", "c"].map((name) => join(tool.checkout.root, name)) as [string, string, string];
      writeFileSync(b, mine);
      tool.io.env.KUBECONFIG = [a, b, c].join(":");
      assert.equal(await tool.run("onebranch kubeconfig dev --merge"), 0);
      assert.deepEqual(names(merged(b)), ["work", "onebranch-dev"]);
      tool.io.env.KUBECONFIG = [a, c].join(":");
      assert.equal(await tool.run("onebranch kubeconfig dev --merge"), 0);
      assert.deepEqual([existsSync(a), existsSync(c)], [false, true]);
    });

    it("only switches to a context of the user's own that is this cluster", async () => {
      const theirs = hasMine(mine.replace("current-context: work", "current-context: other"));
      tool.hasRecord("dev", { provider: "existing", kubeconfig: { path: theirs, context: "work" } });
      assert.equal(await tool.run("onebranch kubeconfig dev --merge"), 0);
      assert.equal(readFileSync(theirs, "utf8"), mine);
    });

    it("refuses to replace a context or a cluster of the user's own that is another one", async () => {
      hasCluster("dev", config("work", "https://elsewhere:6443"));
      hasMine();
      assert.equal(await tool.run("onebranch kubeconfig dev --merge"), 1);
      assert.equal(
        tool.io.stderr,
        `the context work in ${file} is https://work:6443, which is another cluster; rename it there, or set KUBECONFIG to another file\n`,
      );
      hasMine(mine.replace("- name: work\n    context", "- name: job\n    context"));
      assert.equal(await tool.again("onebranch kubeconfig dev --merge"), 1);
      assert.match(tool.io.stderr, /^the cluster work in \S+ is https:\/\/work:6443, which is another cluster;/);
    });

    for (const [what, text, why] of [
      ["is not YAML", "a: [", /^\S+config is not a kubeconfig \(.+\); mend it first: nothing was changed\n$/],
      ["is a list", "- a\n", /^\S+config is not a kubeconfig \(it is not a mapping\); mend it first/],
      [
        "has a text for its users",
        "users: nobody\n",
        /^\S+config is not a kubeconfig \(users is not a list\); mend it/,
      ],
    ] as const) {
      it(`refuses a file that ${what}, and leaves it`, async () => {
        hasMine(text);
        assert.equal(await tool.run("onebranch kubeconfig dev --merge"), 1);
        assert.match(tool.io.stderr, why);
        assert.equal(readFileSync(file, "utf8"), text);
        assert.equal(existsSync(`${file}.lock`), false);
      });
    }

    it("waits for another program that writes the file, and says which lock is in the way", async () => {
      hasMine();
      writeFileSync(`${file}.lock`, "");
      assert.equal(await tool.run("onebranch kubeconfig dev --merge"), 1);
      assert.match(
        tool.io.stderr,
        /^\S+config\.lock exists: another program is writing \S+config; if none is, delete that file/,
      );
      assert.equal(readFileSync(file, "utf8"), mine);
    });

    it("is undone by destroy, where the context still means that cluster", async () => {
      hasMine();
      const other = join(tool.checkout.root, "other");
      await tool.run("onebranch kubeconfig dev --merge");
      tool.io.env.KUBECONFIG = other;
      await tool.run("onebranch kubeconfig dev --merge");
      writeFileSync(other, config("onebranch-dev", "https://127.0.0.1:9"));
      assert.equal(await tool.again("onebranch destroy dev --yes"), 0, tool.io.stderr);
      assert.deepEqual(names(merged()), ["work"]);
      assert.deepEqual([merged().clusters.length, merged().users.length, merged()["current-context"]], [1, 1, ""]);
      assert.deepEqual(names(merged(other)), ["onebranch-dev"]);
    });
  });

  it("refuses a stack that is not up, and a name that nothing has", async () => {
    assert.equal(await tool.run("onebranch kubeconfig staging"), 1);
    assert.equal(tool.io.stderr, "staging is not up; make it with `onebranch up staging`\n");
    assert.equal(await tool.again("onebranch kubeconfig stagin"), 2);
    assert.match(tool.io.stderr, /^there is no stack stagin, .*did you mean staging\?\n$/);
  });

  it("says so when the last run ended before it had a kubeconfig", async () => {
    delete tool.pulumi.outputs.kubeconfig;
    tool.hasRecord("dev", { kubeconfig: { path: join(tool.checkout.root, "elsewhere") } });
    assert.equal(await tool.run("onebranch kubeconfig dev"), 1);
    assert.equal(
      tool.io.stderr,
      "the state of dev does not say how it is reached; finish that with `onebranch up dev`\n",
    );
  });
});
