import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readlinkSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { root } from "./support/root";

describe("symbolic links", () => {
  it("stay inside the repository: Argo CD refuses the whole repository otherwise, whichever path it was asked for", () => {
    const listed = execFileSync("git", ["ls-files", "--stage", "-z"], { cwd: root, encoding: "utf8" }).split("\0");
    const links = listed.filter((line) => line.startsWith("120000 ")).map((line) => line.slice(line.indexOf("\t") + 1));
    const outside = links.filter((file) => {
      const target = readlinkSync(join(root, file));
      return isAbsolute(target) || join(dirname(file), target).startsWith("..");
    });
    assert.deepEqual(outside, []);
  });
});
