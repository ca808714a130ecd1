import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import { createServer as createPlain, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { privateDirectory } from "../../../../machine/files";
import { isFree } from "../../../../machine/ports";
import { ensureCertificates, keyPair } from "../../../../infra/providers/embedded/runtime/certificates";
import { clusterPaths } from "../../../../infra/providers/embedded/runtime/directory";
import { eventually } from "../../../e2e/support/eventually";
import { resources, urn } from "../../support/fake-pulumi";
import { FakeCluster } from "../../support/fake-cluster";
import { Tool } from "../../support/tool";

const kubeconfig = `apiVersion: v1
kind: Config
current-context: onebranch-dev
clusters: [{ name: onebranch-dev, cluster: { server: "https://127.0.0.1:1" } }]
contexts: [{ name: onebranch-dev, context: { cluster: onebranch-dev, user: admin } }]
users: [{ name: admin, user: { token: secret } }]
`;

describe("onebranch open", () => {
  let tool: Tool;
  beforeEach(() => {
    tool = new Tool();
    tool.hasRecord("dev");
    tool.checkout.write(".onebranch/clusters/dev/kubeconfig", kubeconfig);
  });
  afterEach(() => tool.checkout.remove());

  function isReached(argocdAccess: string, argocdURL: string, more: object = {}): void {
    const stack = { urn: urn("dev", "pulumi:pulumi:Stack", "dev"), type: "pulumi:pulumi:Stack" };
    const outputs = { argocdURL, argocdAccess, ...more };
    tool.pulumi.writeState("dev", { resources: [{ ...stack, outputs }, ...resources("dev")] });
  }

  /** A program on PATH that writes down how it was called. */
  function hasProgram(name: string, script: string): () => string {
    const calls = join(tool.checkout.root, `${name}.calls`);
    const file = tool.checkout.write(`bin/${name}`, `#!/bin/sh\necho "$@" >> ${calls}\n${script}\n`);
    chmodSync(file, 0o755);
    tool.io.env.PATH = `${join(tool.checkout.root, "bin")}:/usr/bin:/bin`;
    return () => (existsSync(calls) ? readFileSync(calls, "utf8") : "");
  }

  it("says of an embedded cluster that there is no web page, and what there is", async () => {
    isReached("api", "https://127.0.0.1:20443");
    assert.equal(await tool.run("onebranch open dev"), 1);
    assert.equal(tool.io.stdout, "Argo CD   https://127.0.0.1:20443\nuser      admin\npassword  first-password\n");
    assert.equal(
      tool.io.stderr,
      "the Argo CD of dev is built without its web page: what answers at https://127.0.0.1:20443 is its API, for the command argocd; " +
        "`onebranch kubeconfig dev --merge` leads kubectl there, `onebranch status dev` shows what is synced\n",
    );
  });

  describe("at an address that answers", () => {
    let server: Server;
    let url: string;
    const scratch = mkdtempSync(join(tmpdir(), "onebranch-open-"));
    before(async () => {
      const paths = clusterPaths("dev", scratch);
      privateDirectory(paths.home);
      await ensureCertificates(paths, () => undefined);
      const [cert, key] = Object.values(keyPair(paths, "argocd-server-tls")).map((file) => readFileSync(file));
      server = createServer({ cert, key }, (_, response) => response.end("Argo CD"));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    after(() => {
      server.close();
      rmSync(scratch, { recursive: true });
    });

    it("prints address and login, and starts the browser there", async () => {
      isReached("published", url);
      const calls = hasProgram("browser", "");
      tool.io.env.BROWSER = "browser";
      assert.equal(await tool.run("onebranch open dev"), 0);
      assert.equal(tool.io.stdout, `Argo CD   ${url}\nuser      admin\npassword  first-password\n`);
      assert.equal(tool.io.stderr, "");
      await eventually(async () => ({
        holds: calls() === `${url}\n`,
        message: `should be called with ${url}, is ${calls()}`,
      }));
    });

    it("starts none with --no-browser, and says where there is none", async () => {
      isReached("published", url);
      const calls = hasProgram("browser", "");
      tool.io.env.BROWSER = "browser";
      assert.equal(await tool.run("onebranch open dev --no-browser --json"), 0);
      assert.deepEqual(JSON.parse(tool.io.stdout), {
        stack: "dev",
        argocdURL: url,
        user: "admin",
        password: "first-password",
      });
      assert.equal(calls(), "");
      assert.equal(await tool.again("onebranch open dev"), 0);
      assert.equal(tool.io.stderr, "there is no browser here; open the address in one\n");
    });

    it("says how to log in where an identity provider does it", async () => {
      isReached("published", url, { argocdSso: true, argocdLogin: "by Example, which sends people back there" });
      assert.equal(await tool.run("onebranch open dev"), 0);
      assert.equal(tool.io.stdout, `Argo CD   ${url}\nlog in    by Example, which sends people back there\n`);
      assert.equal(await tool.again("onebranch open dev --json"), 0);
      const sso = "by Example, which sends people back there";
      assert.deepEqual(JSON.parse(tool.io.stdout), { stack: "dev", argocdURL: url, sso });
    });

    it("knows a first password that was deleted, and a cluster that does not answer", async () => {
      isReached("published", url);
      const cluster = new FakeCluster([{ applications: [] }]);
      cluster.password = undefined;
      tool.anyCluster = cluster;
      assert.equal(await tool.run("onebranch open dev"), 0);
      assert.match(tool.io.stdout, /^password {2}the one you have set: the first one was deleted$/m);
      cluster.firstPassword = () => Promise.reject(new Error("the API server does not answer"));
      assert.equal(await tool.again("onebranch open dev"), 0);
      assert.match(
        tool.io.stdout,
        /^password {2}not known \(the API server does not answer\): kubectl -n argocd get secret /m,
      );
    });
  });

  it("says that nothing answers at the address", async () => {
    isReached("published", "https://127.0.0.1:1");
    assert.equal(await tool.run("onebranch open dev"), 1);
    assert.match(
      tool.io.stderr,
      /^nothing answers at https:\/\/127\.0\.0\.1:1 \(.*ECONNREFUSED.*\); look at the cluster: `onebranch status dev`\n$/,
    );
  });

  /** The kubectl here only says what the real one says; test/e2e/existing.test.ts has the real one. */
  describe("behind a port-forward", () => {
    const forwards = 'echo "Forwarding from 127.0.0.1:1 -> 8080"; exec sleep 60';
    beforeEach(() => isReached("forwarded", "https://localhost:18443"));
    const shown = () => ({
      holds: tool.io.stdout !== "",
      message: `should print the address, printed ${tool.io.stderr}`,
    });

    it("prints the address once it answers, and Ctrl-C is the ordinary end", async () => {
      const calls = hasProgram("kubectl", forwards);
      const running = tool.run("onebranch open dev");
      await eventually(async () => shown());
      const [, file] =
        /^--kubeconfig (\S+) -n argocd port-forward service\/argocd-server 18443:443\n$/.exec(calls()) ?? [];
      assert.match(readFileSync(file!, "utf8"), /"token":"secret"/);
      tool.io.interrupt();
      assert.equal(await running, 0);
      assert.equal(tool.io.stdout, "Argo CD   https://localhost:18443\nuser      admin\npassword  first-password\n");
      assert.equal(tool.io.stderr, "Ctrl-C ends this\nthere is no browser here; open the address in one\n");
      assert.deepEqual(readdirSync(join(tool.checkout.root, ".onebranch", "tmp")), []);
    });

    it("begins again when the pod behind it went, and prints nothing twice", async () => {
      const calls = hasProgram(
        "kubectl",
        `[ $(wc -l < "$0.calls" 2>/dev/null || echo 0) -gt 0 ] && { ${forwards}; }\necho x >> "$0.calls"\necho "Forwarding from a"; exit 1`,
      );
      const running = tool.run("onebranch open dev --no-browser");
      await eventually(async () => ({
        holds: calls().split("\n").length > 2,
        message: `should be called twice: ${calls()}`,
      }));
      tool.io.interrupt();
      assert.equal(await running, 0);
      assert.equal(tool.io.stderr, "Ctrl-C ends this\nthe connection ended; trying again\n");
      assert.equal(tool.io.stdout.split("\n").length, 4);
    });

    it("says why kubectl cannot, and that it is missing", async () => {
      hasProgram("kubectl", 'echo "error: error upgrading connection: no route" >&2; exit 1');
      assert.equal(await tool.run("onebranch open dev"), 1);
      assert.equal(tool.io.stderr, "kubectl cannot forward a port to Argo CD: error upgrading connection: no route\n");
      tool.checkout.write("empty/file", "");
      tool.io.stderr = "";
      tool.io.env.PATH = join(tool.checkout.root, "empty");
      assert.equal(await tool.run("onebranch open dev"), 1);
      assert.equal(
        tool.io.stderr,
        "kubectl is not on PATH, and it is what forwards the port; install it, then try again\n",
      );
    });

    it("takes another port when the expected one is taken, but not for one that was asked for", async () => {
      const holder = createPlain();
      const port = await new Promise<number>((resolve) =>
        holder.listen(0, "127.0.0.1", () => resolve((holder.address() as AddressInfo).port)),
      );
      try {
        assert.equal(await isFree(port), false);
        assert.equal(await tool.run(`onebranch open dev --port ${port}`), 1);
        assert.equal(
          tool.io.stderr,
          `port ${port} is taken by another program; name another one, or leave --port out\n`,
        );
        isReached("forwarded", `https://localhost:${port}`);
        hasProgram("kubectl", forwards);
        const running = tool.run("onebranch open dev --no-browser");
        await eventually(async () => shown());
        tool.io.interrupt();
        assert.equal(await running, 0);
        assert.doesNotMatch(tool.io.stdout, new RegExp(`localhost:${port}\n`));
      } finally {
        holder.close();
      }
    });

    it("refuses what is not a port", async () => {
      assert.equal(await tool.run("onebranch open dev --port 99999"), 2);
      assert.equal(tool.io.stderr, '--port must be a port from 1 to 65535, found "99999"\n');
    });
  });

  it("refuses a state that does not say how it is reached", async () => {
    tool.pulumi.writeState("dev", { resources: resources("dev") });
    assert.equal(await tool.run("onebranch open dev"), 1);
    assert.equal(
      tool.io.stderr,
      "the state of dev does not say how it is reached; finish that with `onebranch up dev`\n",
    );
  });
});
