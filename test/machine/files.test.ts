import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { privateDirectory, writeOnce, writeWhole } from "../../machine/files";

describe("files of this machine", () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "onebranch-files-"))));
  afterEach(() => rmSync(directory, { recursive: true }));
  const at = (name: string) => join(directory, name);
  const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

  it("are replaced whole, and belong to their owner", () => {
    writeWhole(at("file"), "old");
    const before = statSync(at("file")).ino;
    writeWhole(at("file"), "new");
    assert.equal(readFileSync(at("file"), "utf8"), "new");
    // Another file took the place of the old one: a reader has the one or the other.
    assert.notEqual(statSync(at("file")).ino, before);
    assert.equal(mode(at("file")), "600");
    assert.deepEqual(readdirSync(directory), ["file"]);
  });

  it("leave no draft where they cannot be put", () => {
    mkdirSync(at("file"));
    assert.throws(() => writeWhole(at("file"), "text"), { code: "EISDIR" });
    assert.deepEqual(readdirSync(directory), ["file"]);
  });

  it("are made once: the first content stays", () => {
    privateDirectory(at("drafts"));
    writeOnce(at("file"), "first", at("drafts"));
    writeOnce(at("file"), "second", at("drafts"));
    assert.equal(readFileSync(at("file"), "utf8"), "first");
    assert.deepEqual(readdirSync(at("drafts")), []);
  });

  it("lie in directories that others cannot look into, also where one was there", () => {
    mkdirSync(at("open"), { mode: 0o755 });
    assert.equal(mode(privateDirectory(at("open"))), "700");
    assert.equal(mode(privateDirectory(at("new/deep"))), "700");
    assert.equal(mode(at("new")), "700");
  });
});
