import assert from "node:assert/strict";
import { createLiveTable } from "../../../cli/terminal/live-table";
import { FakeIo } from "../support/fake-io";

describe("a table that changes while something is waited for", () => {
  it("prints without a terminal only the rows that have changed", () => {
    const io = new FakeIo("/");
    const table = createLiveTable(io);
    table.show(["a  waits", "b  waits"]);
    table.show(["a  waits", "b  is done"]);
    table.line("a commit");
    table.show(["a  waits", "b  is done"]);
    table.stop();
    assert.equal(io.stderr, "a  waits\nb  waits\nb  is done\na commit\n");
  });

  it("draws over its rows on a terminal, keeps lines above them, and cuts what is too wide", () => {
    const io = Object.assign(new FakeIo("/"), { live: true, columns: 10 });
    const table = createLiveTable(io);
    table.show(["a  waits for long", "b"]);
    assert.equal(io.stderr, "a  wai...\nb\n");
    io.stderr = "";
    table.line("a commit");
    assert.equal(io.stderr, "\x1b[2A\r\x1b[Ja commit\na  wai...\nb\n");
    io.stderr = "";
    table.stop();
    assert.equal(io.stderr, "\x1b[2A\r\x1b[J");
  });
});
