import assert from "node:assert/strict";
import * as fc from "fast-check";
import { derivedPort } from "../../../../infra/providers/kind/ports";

describe("derivedPort", () => {
  it("is the same for a name on every machine", () => {
    assert.equal(derivedPort("dev"), 18730);
    assert.equal(derivedPort("staging"), 12563);
  });

  it("lies between the privileged ports and those of embedded clusters", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const port = derivedPort(name);
        return port >= 10000 && port <= 19999;
      }),
    );
  });
});
