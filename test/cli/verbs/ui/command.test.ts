import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import type { FleetView, Snapshot } from "../../../../cli/verbs/ui/views";
import { eventually } from "../../../e2e/support/eventually";
import { resources } from "../../support/fake-pulumi";
import { Tool } from "../../support/tool";
import { ApiStub } from "./support/api-stub";
import { object } from "./support/objects";

describe("onebranch ui", () => {
  let tool: Tool;
  const stubs: ApiStub[] = [];
  beforeEach(() => (tool = new Tool()));
  afterEach(async () => {
    await Promise.all(stubs.splice(0).map((stub) => stub.stop()));
    tool.checkout.remove();
  });

  async function hasCluster(stack: string): Promise<ApiStub> {
    tool.pulumi.writeState(stack, { resources: resources(stack) });
    tool.hasRecord(stack);
    const stub = await new ApiStub().start();
    stubs.push(stub);
    tool.checkout.write(`.onebranch/clusters/${stack}/kubeconfig`, stub.kubeconfig);
    return stub;
  }

  /** Starts the verb; gives what it printed, and how to end it. */
  async function start(line: string): Promise<{ printed: string; end: () => Promise<number> }> {
    const code = tool.run(line);
    await eventually(async () => ({ holds: tool.io.stdout !== "", message: `it printed ${tool.io.stderr}` }), 10, 5);
    return {
      printed: tool.io.stdout,
      end: () => {
        tool.io.interrupt();
        return code;
      },
    };
  }

  it("prints an address with a token of its own, shows the clusters of the checkout there, and ends with Ctrl-C", async () => {
    (await hasCluster("dev")).set(object("guestbook"));
    await hasCluster("staging");
    const { printed, end } = await start("onebranch ui");
    assert.match(printed, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/\n$/);
    assert.match(tool.io.stderr, /shows 2 clusters, read only/);
    const url = printed.trim();
    await eventually(
      async () => {
        const { clusters } = (await (await fetch(`${url}api/fleet`)).json()) as FleetView;
        const found = clusters.map(({ name, link, applications }) => `${name} ${link.state} ${applications.length}`);
        return { holds: found.join() === "dev live 1,staging live 0", message: found.join() };
      },
      10,
      10,
    );
    assert.equal(await end(), 0);
    await assert.rejects(fetch(url));
    tool.io.stdout = "";
    const again = await start("onebranch ui");
    assert.notEqual(new URL(again.printed.trim()).pathname, new URL(url).pathname);
    await again.end();
  });

  it("gives the page what this user types for the tool", async () => {
    await hasCluster("dev");
    const { printed, end } = await start("onebranch ui");
    const html = await (await fetch(printed.trim())).text();
    assert.match(html, /<html [^>]*data-tool="[^"]*onebranch[^"]*"/);
    await end();
  });

  it("says of a cluster without a kubeconfig why it cannot be reached", async () => {
    tool.pulumi.writeState("dev", { resources: resources("dev") });
    tool.hasRecord("dev");
    const { printed, end } = await start("onebranch ui --json");
    const { url, clusters } = JSON.parse(printed) as { url: string; clusters: string[] };
    assert.deepEqual(clusters, ["dev"]);
    const fleet = (await (await fetch(`${url}api/fleet`)).json()) as FleetView;
    assert.equal(fleet.clusters[0]!.link.state, "unreachable");
    assert.match(fleet.clusters[0]!.link.why!, /kubeconfig .* is missing/);
    await end();
  });

  it("shows only the clusters that are named", async () => {
    await hasCluster("dev");
    await hasCluster("staging");
    const { printed, end } = await start("onebranch ui staging --json");
    assert.deepEqual((JSON.parse(printed) as { clusters: string[] }).clusters, ["staging"]);
    await end();
  });

  it("says what is wrong with what it was given", async () => {
    assert.equal(await tool.run("onebranch ui"), 1);
    assert.equal(
      tool.io.stderr,
      "there is no cluster yet; make one with `onebranch up <stack>`, or show those of a kubeconfig with --contexts NAME\n",
    );
    await hasCluster("dev");
    assert.equal(await tool.again("onebranch ui dve"), 2);
    assert.equal(tool.io.stderr, "there is no cluster dve; did you mean dev?\n");
    for (const port of ["0", "65536", "http", "80x"]) {
      assert.equal(await tool.again(`onebranch ui --port ${port}`), 2);
      assert.equal(tool.io.stderr, `--port must be a number from 1 to 65535, found "${port}"\n`);
    }
  });

  describe("--contexts", () => {
    /** A kubeconfig of the user with one context for each stub. */
    async function hasContexts(names: readonly string[], user: object): Promise<ApiStub[]> {
      const made = await Promise.all(names.map(() => new ApiStub().start()));
      stubs.push(...made);
      const server = (index: number) => JSON.parse(made[index]!.kubeconfig) as { clusters: [{ cluster: object }] };
      tool.checkout.write(
        "own.kubeconfig",
        JSON.stringify({
          contexts: names.map((name) => ({ name, context: { cluster: name, user: "me" } })),
          clusters: names.map((name, index) => ({ name, cluster: server(index).clusters[0].cluster })),
          users: [{ name: "me", user }],
        }),
      );
      return made;
    }

    async function settledFleet(url: string, isSettled: (fleet: FleetView) => boolean): Promise<FleetView> {
      let fleet: FleetView;
      await eventually(
        async () => {
          fleet = (await (await fetch(`${url}api/fleet`)).json()) as FleetView;
          return { holds: isSettled(fleet), message: JSON.stringify(fleet) };
        },
        20,
        20,
      );
      return fleet!;
    }

    it("shows clusters that only a kubeconfig knows; a plugin of it gives the token, and the Applications say where they are", async () => {
      const status = { token: "of the plugin" };
      const script = `console.log(JSON.stringify({ kind: "ExecCredential", status: ${JSON.stringify(status)} }))`;
      const exec = { apiVersion: "client.authentication.k8s.io/v1", command: process.execPath, args: ["-e", script] };
      const names = ["arn:aws:eks:eu-west-1:1:cluster/Shop", "kind-onebranch-dev", "other"];
      const [shop, dev] = await hasContexts(names, { exec });
      for (const stub of [shop!, dev!]) stub.token = status.token;
      const one = object("orders");
      Object.assign(one.metadata.labels!, {
        "onebranch.dev/stage": "prod",
        "onebranch.dev/ring": "canary",
        "onebranch.dev/region": "eu-west-1",
      });
      shop!.set(one);
      const line = "onebranch ui --kubeconfig own.kubeconfig --contexts arn* --contexts *-dev --json";
      const { printed, end } = await start(line);
      const { url, clusters } = JSON.parse(printed) as { url: string; clusters: string[] };
      assert.deepEqual(clusters, ["arn-aws-eks-eu-west-1-1-cluster-shop", "dev"]);
      const fleet = await settledFleet(url, (found) => found.clusters.every(({ link }) => link.state === "live"));
      assert.deepEqual(
        fleet.clusters.map(({ name, stage, ring, region }) => [name, stage, ring, region]),
        [
          ["arn-aws-eks-eu-west-1-1-cluster-shop", "prod", "canary", "eu-west-1"],
          ["dev", "", "", ""],
        ],
      );
      assert.equal(await end(), 0);
    });

    it("says of a plugin that cannot be run why its cluster cannot be reached", async () => {
      await hasContexts(["dev"], { exec: { command: "no-such-plugin" } });
      const { printed, end } = await start("onebranch ui --kubeconfig own.kubeconfig --contexts dev --json");
      const { url } = JSON.parse(printed) as { url: string };
      const fleet = await settledFleet(url, ({ clusters }) => clusters[0]!.link.state === "unreachable");
      assert.match(fleet.clusters[0]!.link.why!, /from the command no-such-plugin, and it is not on PATH/);
      await end();
    });

    for (const [line, message] of [
      [
        "onebranch ui --contexts dve --kubeconfig own.kubeconfig",
        /^there is no context dve in .*own\.kubeconfig; did you mean dev\?\n$/,
      ],
      ["onebranch ui dev --contexts dev", /^give stacks or --contexts, not both; found dev\n$/],
      ["onebranch ui --kubeconfig own.kubeconfig", /^--kubeconfig says where --contexts are; name them/],
      ["onebranch ui --export out --actions", /^--export serves nothing; leave out --actions\n$/],
      ["onebranch ui --export out --port 80", /^--export serves nothing; leave out --port\n$/],
    ] as const)
      it(`refuses ${line.slice("onebranch ".length)}`, async () => {
        await hasContexts(["dev"], {});
        assert.equal(await tool.run(line), 2);
        assert.match(tool.io.stderr, message);
      });
  });

  it("exports a cluster that is still being connected as one that was not reached", async () => {
    (await hasCluster("dev")).frozen = true;
    const from = tool.io.now();
    assert.equal(await tool.run("onebranch ui --export out --offline"), 0);
    assert.ok(tool.io.now() >= from + 20_000);
    assert.match(tool.io.stderr, /(^|\n)dev is in it as not reached: no answer within 20 s\n$/);
    const { views } = JSON.parse(readFileSync(join(tool.checkout.root, "out", "snapshot.json"), "utf8")) as Snapshot;
    const [dev] = (views["/fleet"] as FleetView).clusters;
    assert.deepEqual([dev!.link.state, dev!.link.why], ["unreachable", "no answer within 20 s"]);
  });

  it("says that a port is in use", async () => {
    await hasCluster("dev");
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    assert.equal(await tool.run(`onebranch ui --port ${port}`), 1);
    assert.equal(tool.io.stderr, `port ${port} is in use; leave out --port to get a free one\n`);
    await new Promise((resolve) => other.close(resolve));
  });
});
