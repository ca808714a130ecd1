import assert from "node:assert/strict";
import { createServer } from "node:net";
import { isFree } from "../../machine/ports";

describe("a port of this machine", () => {
  it("is free or taken, as the system says", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen({ host: "127.0.0.1", port: 0 }, resolve));
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    assert.equal(await isFree(address.port), false);
    await new Promise((resolve) => server.close(resolve));
    assert.equal(await isFree(address.port), true);
  });
});
