import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { ensureToolchain, StoppedError } from "../../../../../../infra/providers/embedded/toolchain";
import { releaseFiles } from "../../../../../../infra/providers/embedded/toolchain/release/files";
import { Machine } from "../fake";
import { pathOf, plugins, Publishers, send, sha256 } from "./publishers";

describe("toolchain: what servers do to release files", () => {
  let machine: Machine;
  let publishers: Publishers;
  const files = releaseFiles("cluster", { os: "linux", arch: "amd64" }, plugins) ?? [];
  const { url, checksums } = files.find(({ to }) => to === "bin/etcd")!;

  beforeEach(async () => {
    publishers = new Publishers();
    machine = new Machine();
    machine.env = { ...machine.env, ONEBRANCH_RELEASES: "auto", ONEBRANCH_RELEASE_MIRROR: await publishers.start() };
  });
  afterEach(async () => {
    await publishers.stop();
    machine.remove();
  });
  const address = (of: string) => `${machine.env.ONEBRANCH_RELEASE_MIRROR}${pathOf(of)}`;
  const ensure = (host: object = {}) =>
    ensureToolchain({ ...machine.options(), parts: ["cluster"], host: { ...machine.host(), ...host } });
  const size = () => publishers.bodies.get(pathOf(url))!.length;
  const kept = () => readdirSync(join(machine.cache, "downloads"));
  const entries = () => readdirSync(machine.cache).filter((name) => name.startsWith("cluster-release-"));
  /** Sends the beginning, and breaks the connection once the other side has written it down. */
  const cut = (
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
    until: number,
    end: () => void = () => response.destroy(),
  ) => {
    send(request, response, body, until);
    const written = () => {
      const name = kept().find((file) => file.endsWith("etcd-v3.7.3-linux-amd64.tar.gz.part"));
      return name === undefined ? 0 : statSync(join(machine.cache, "downloads", name)).size;
    };
    const timer = setInterval(() => {
      if (written() < until) return;
      clearInterval(timer);
      end();
    }, 2);
    response.on("close", () => clearInterval(timer));
    return true;
  };
  const complete = async () => {
    const { bin } = await ensure();
    assert.equal(readFileSync(join(bin, "etcd"), "utf8").includes("echo etcd"), true);
    assert.deepEqual(kept(), []);
  };

  it("names both digests of a wrong file, and keeps nothing of it", async () => {
    const right = publishers.digest(url);
    publishers.bodies.set(pathOf(url), Buffer.from("something else"));
    await assert.rejects(ensure(), {
      name: "ToolchainError",
      message:
        `${address(url)} is not the file that was published: its SHA-256 is ${sha256("something else")}, and ` +
        `${address(checksums!)} says ${right}; nothing of it was kept; ask who serves it, or build instead (ONEBRANCH_RELEASES=never)`,
    });
    assert.deepEqual(entries(), []);
    assert.deepEqual(
      kept().filter((name) => name.includes("etcd")),
      [],
    );
    assert.deepEqual(machine.built(), []);
  });

  it("goes on where a connection broke", async () => {
    let times = 0;
    publishers.manners.set(pathOf(url), (request, response, body) => {
      if (times++ > 1) return false;
      return cut(request, response, body, times * 100);
    });
    await complete();
    const path = pathOf(url);
    assert.deepEqual(publishers.asked(url), [`GET ${path}`, `GET ${path} bytes=100-`, `GET ${path} bytes=200-`]);
  });

  it("goes on in the next run, and says so", async () => {
    publishers.manners.set(pathOf(url), (request, response, body) => {
      return cut(request, response, body, 100);
    });
    await assert.rejects(ensure(), (error: Error) => {
      assert.ok(error.message.startsWith(`${address(url)} could not be fetched: `), error.message);
      assert.ok(
        error.message.endsWith(
          "; what there is of it is kept, so run the same command again; or build instead (ONEBRANCH_RELEASES=never)",
        ),
        error.message,
      );
      return true;
    });
    assert.deepEqual(entries(), []);
    publishers.manners.clear();
    publishers.requests.length = 0;
    await complete();
    assert.deepEqual(publishers.asked(url), [`GET ${pathOf(url)} bytes=100-`]);
    // What was complete and right was not fetched again.
    assert.deepEqual(publishers.asked(files[0]!.url), []);
  });

  it("begins again where a server knows no ranges, or has another file by now", async () => {
    let times = 0;
    const right = publishers.bodies.get(pathOf(url))!;
    publishers.manners.set(pathOf(url), (request, response, body) => {
      times++;
      if (times === 1) {
        return cut(request, response, Buffer.alloc(body.length, "x"), 100);
      }
      if (request.headers.range !== undefined) return false;
      response.writeHead(200).end(right);
      return true;
    });
    await assert.rejects(ensure({ lockPoll: 1 }), /is not the file that was published/);
    await complete();
  });

  it("waits for a slow server, and gives up a silent connection", async () => {
    let times = 0;
    publishers.manners.set(pathOf(url), (request, response, body) => {
      if (times++ === 0) {
        send(request, response, body, 50);
        return true;
      }
      const half = Math.floor((body.length + 50) / 2);
      send(request, response, body, half);
      setTimeout(() => response.end(body.subarray(half)), 150);
      return true;
    });
    await ensure({ silence: 400 });
    assert.equal(publishers.asked(url)[1], `GET ${pathOf(url)} bytes=50-`);
  });

  it("follows where a server sends it", async () => {
    const elsewhere = "/storage/etcd.tar.gz";
    publishers.bodies.set(elsewhere, publishers.bodies.get(pathOf(url))!);
    publishers.manners.set(pathOf(url), (_request, response) => {
      response.writeHead(302, { location: elsewhere }).end();
      return true;
    });
    await complete();
  });

  it("tells what a server answers, and all faults at once", async () => {
    for (const { to, url: each } of files.filter(({ to }) => /etcd|kwok/.test(to))) {
      publishers.manners.set(pathOf(each), (_request, response) => {
        response.writeHead(to === "bin/etcd" ? 503 : 403).end();
        return true;
      });
    }
    await assert.rejects(ensure(), (error: Error) => {
      const [etcd, kwok, ...rest] = error.message.split("\n");
      assert.match(
        etcd ?? "",
        /etcd-v3\.7\.3-linux-amd64\.tar\.gz could not be fetched: the server answers 503 Service Unavailable; /,
      );
      assert.match(kwok ?? "", /kwok-linux-amd64 could not be fetched: the server answers 403 Forbidden; /);
      assert.deepEqual(rest, []);
      return true;
    });
  });

  it("refuses a file whose digest nobody says", async () => {
    publishers.bodies.set(pathOf(checksums!), Buffer.from(`${"1".repeat(64)}  another-file\n`));
    await assert.rejects(ensure(), {
      message: `${address(checksums!)} does not say the SHA-256 of etcd-v3.7.3-linux-amd64.tar.gz, so the file cannot be checked; build instead (ONEBRANCH_RELEASES=never)`,
    });
  });

  it("takes our own digest before that of the publisher", async () => {
    machine.write("digests.json", JSON.stringify({ [url]: "f".repeat(64) }));
    await assert.rejects(
      ensure(),
      new RegExp(`and the toolchain's digests\\.json says ${"f".repeat(64)}; nothing of it was kept`),
    );
    assert.deepEqual(
      publishers.requests.filter((request) => request.startsWith(`GET ${pathOf(checksums!)}`)),
      [],
    );
  });

  it("records what the publisher said, and holds him to it", async () => {
    await complete();
    const record = join(machine.cache, "release-digests.json");
    const known = JSON.parse(readFileSync(record, "utf8")) as Record<string, string>;
    assert.equal(known[url], publishers.digest(url));
    const before = publishers.digest(url);
    for (const name of entries()) rmSync(join(machine.cache, name), { recursive: true });
    publishers.bodies.set(pathOf(url), Buffer.from("another release"));
    publishers.bodies.set(
      pathOf(checksums!),
      Buffer.from(`${sha256("another release")}  etcd-v3.7.3-linux-amd64.tar.gz\n`),
    );
    await assert.rejects(ensure(), new RegExp(`${record} says ${before}`));
  });

  it("stops when it is told to, and keeps what it has", async () => {
    const controller = new AbortController();
    publishers.manners.set(pathOf(url), (request, response, body) => {
      return cut(request, response, body, 100, () => controller.abort());
    });
    const stopped = ensureToolchain({ ...machine.options(), parts: ["cluster"], signal: controller.signal });
    await assert.rejects(stopped, (error: unknown) => error instanceof StoppedError);
    assert.ok(
      kept().some((name) => name.endsWith("etcd-v3.7.3-linux-amd64.tar.gz.part")),
      kept().join(),
    );
    assert.ok(size() > 100);
  });
});
