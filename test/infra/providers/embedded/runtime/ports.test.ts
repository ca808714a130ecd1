import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { clusterPaths } from "../../../../../infra/providers/embedded/runtime/directory";
import {
  checkPorts,
  ensurePorts,
  portNames,
  type Ports,
  readPorts,
} from "../../../../../infra/providers/embedded/runtime/ports";
import { scratch } from "./scratch";

describe("ports", () => {
  const directory = scratch();
  const range = () => ({ claims: join(directory.path, "claims"), first: 29000, last: 29999, size: 20 });

  it("fit into a block", () => {
    assert.ok(portNames.length <= range().size);
  });

  it("are chosen once and written down", async () => {
    const paths = clusterPaths("dev", directory.path);
    const ports = await ensurePorts(paths, range());
    assert.equal(new Set(Object.values(ports)).size, portNames.length);
    assert.deepEqual(JSON.parse(readFileSync(paths.ports, "utf8")), ports);
    assert.deepEqual(await ensurePorts(paths, range()), ports);
    assert.deepEqual(await readPorts(paths), ports);
  });

  it("are chosen again when the file is broken", async () => {
    const paths = clusterPaths("dev", directory.path);
    await ensurePorts(paths, range());
    writeFileSync(paths.ports, '{"kube-apiserver": ');
    assert.equal(await readPorts(paths), undefined);
    const ports = await ensurePorts(paths, range());
    assert.deepEqual(await readPorts(paths), ports);
  });

  it("are never the same for two clusters that start at once", async () => {
    const names = Array.from({ length: 8 }, (_, index) => `cluster-${index}`);
    const all = await Promise.all(names.map((name) => ensurePorts(clusterPaths(name, directory.path), range())));
    assert.equal(new Set(all.flatMap((ports) => Object.values(ports))).size, names.length * portNames.length);
  });

  describe("taken", () => {
    const server = createServer();
    let port: number;
    before(async () => {
      server.listen(0, "127.0.0.1");
      await new Promise((resolve) => server.once("listening", resolve));
      const address = server.address();
      port = typeof address === "object" && address ? address.port : 0;
    });
    after(() => server.close());

    it("is told for every port at once", async () => {
      const ports = { etcd: port, redis: port } as Ports;
      await assert.rejects(checkPorts("dev", ports, ["etcd", "redis"]), (error: Error) => {
        const [first, second, ...rest] = error.message.split("\n");
        assert.match(
          first!,
          new RegExp(`^port ${port}, which etcd of cluster dev needs, is taken by .* \\(process ${process.pid}\\); `),
        );
        assert.match(second!, new RegExp(`^port ${port}, which redis of cluster dev needs`));
        return rest.length === 0;
      });
    });
  });
});
