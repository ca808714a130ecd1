import assert from "node:assert/strict";
import { createServer, type AddressInfo } from "node:net";
import type { FleetView } from "../../../../cli/verbs/ui/views";
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
    assert.equal(tool.io.stderr, "there is no cluster yet; make one with `onebranch up <stack>`\n");
    await hasCluster("dev");
    assert.equal(await tool.again("onebranch ui dve"), 2);
    assert.equal(tool.io.stderr, "there is no cluster dve; did you mean dev?\n");
    for (const port of ["0", "65536", "http", "80x"]) {
      assert.equal(await tool.again(`onebranch ui --port ${port}`), 2);
      assert.equal(tool.io.stderr, `--port must be a number from 1 to 65535, found "${port}"\n`);
    }
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
