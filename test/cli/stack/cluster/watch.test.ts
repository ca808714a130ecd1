import assert from "node:assert/strict";
import { apiServer } from "../../../../cli/stack/cluster/api-server";
import { follow, type Feed, type Pauses } from "../../../../cli/stack/cluster/watch";
import { argoCdApi } from "../../../../model/root";
import { eventually } from "../../../e2e/support/eventually";
import { ApiStub } from "../../verbs/ui/support/api-stub";
import { object } from "../../verbs/ui/support/objects";

interface Named {
  metadata: { name: string };
}

describe("the watch of a cluster", () => {
  let stub: ApiStub;
  let stop: AbortController;
  let heard: string[];
  const feed: Feed<Named> = {
    reset: (objects) => heard.push(`all: ${objects.map(({ metadata }) => metadata.name).join(" ")}`),
    changed: ({ metadata }) => heard.push(`changed: ${metadata.name}`),
    removed: ({ metadata }) => heard.push(`removed: ${metadata.name}`),
    lost: (why) => heard.push(`lost: ${why}`),
  };

  beforeEach(async () => {
    stub = await new ApiStub().start();
    stub.set(object("orders"));
    stop = new AbortController();
    heard = [];
  });
  afterEach(async () => {
    stop.abort();
    await stub.stop();
  });

  function start(pauses: Partial<Pauses> = {}): Promise<void> {
    const path = `${argoCdApi}/applications`;
    const all: Pauses = { first: 5, longest: 20, silence: 60_000, ...pauses };
    return follow<Named>(apiServer(stub.kubeconfig), path, feed, stop.signal, all);
  }

  const watching = () =>
    eventually(async () => ({ holds: stub.watching === 1, message: "one watch should be open" }), 10, 5);
  const hears = (...lines: string[]) =>
    eventually(
      async () => {
        const holds = lines.every((line) => heard.includes(line));
        return { holds, message: `should hear ${lines.join("; ")}, heard ${heard.join("; ")}` };
      },
      10,
      5,
    );

  it("tells what there is, and what changes", async () => {
    void start();
    await watching();
    stub.set(object("guestbook"));
    stub.remove("orders");
    await hears("all: orders", "changed: guestbook", "removed: orders");
    assert.equal(stub.asked.filter((one) => one.startsWith(argoCdApi)).length, 1);
  });

  it("puts together an event that comes in many pieces", async () => {
    void start();
    await watching();
    stub.set(object("long", { health: { status: "Degraded", message: "ü".repeat(300_000) } }));
    stub.set(object("next"));
    await hears("changed: long", "changed: next");
  });

  it("goes on from the last change when the API server ends the watch", async () => {
    void start();
    await watching();
    stub.set(object("guestbook"));
    stub.bookmark();
    await hears("changed: guestbook");
    stub.endWatches();
    await watching();
    assert.deepEqual(stub.asked.slice(1), ["watch from 2", "watch from 4"]);
    assert.equal(heard.filter((line) => line.startsWith("all")).length, 1);
  });

  it("lists everything again when the API server has forgotten the changes since, and does not call that lost", async () => {
    stub.nextError = { code: 410, message: "too old resource version" };
    void start();
    await watching();
    assert.deepEqual(heard, ["all: orders", "all: orders"]);
  });

  it("says why a watch ended with another error, and starts again", async () => {
    stub.nextError = { code: 500, message: "etcd is gone" };
    void start();
    await watching();
    assert.deepEqual(heard, ["all: orders", "lost: etcd is gone", "all: orders"]);
  });

  it("says that the API server is gone, and has everything once it is back", async () => {
    void start();
    await watching();
    await stub.stop();
    await hears("lost: the API server does not answer");
    stub.set(object("meanwhile"));
    await stub.start();
    await hears("all: orders meanwhile");
    await watching();
  });

  it("says what the API server refuses", async () => {
    stub.refuses = { status: 403, message: "not you" };
    void start();
    await hears("lost: the API server answered 403: not you");
    stub.refuses = undefined;
    await hears("all: orders");
  });

  it("asks less often the longer it fails", async () => {
    stub.refuses = { status: 500, message: "no" };
    void start({ first: 20, longest: 10_000 });
    await hears("lost: the API server answered 500: no");
    // Pauses of at least 10, 20, 40, 80 and 160 ms: however long this takes, nobody asks ten times in half a second.
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.ok(stub.asked.length < 10, `asked ${stub.asked.length} times`);
  });

  it("asks whether a silent API server still answers, and keeps the watch if it does", async () => {
    void start({ silence: 20 });
    await watching();
    const probe = `${argoCdApi}/applications?limit=1`;
    await eventually(async () => {
      const asked = stub.asked.filter((one) => one === probe).length;
      return { holds: asked >= 3, message: `should be asked 3 times, was asked ${asked} times` };
    });
    assert.equal(stub.watching, 1);
    assert.deepEqual(heard, ["all: orders"]);
    stub.refuses = { status: 503, message: "no storage" };
    await hears("lost: the API server answered 503: no storage");
  });

  it("ends when it is told to", async () => {
    const done = start();
    await watching();
    stop.abort();
    await done;
    stub.set(object("late"));
    assert.deepEqual(heard, ["all: orders"]);
  });
});
