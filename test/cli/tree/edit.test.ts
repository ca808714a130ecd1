import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startToken } from "../../../machine/processes";
import { editFiles, finishEdit, type EditedFile } from "../../../cli/tree/edit";
import { inCheckout } from "../../support/paths";

const kept = { "gitops/a.yaml": "a: old\n", "gitops/keep.yaml": "keep: 1\n" };
const before = { ...kept, "gitops/old/gone.yaml": "gone: 1\n" };
const files: EditedFile[] = [
  { path: "gitops/a.yaml", text: "a: new\n" },
  { path: "gitops/deep/er/b.yaml", text: "b: new\n" },
  { path: "gitops/old/gone.yaml", text: null },
  { path: "gitops/c.yaml", text: "c: new\n" },
];
const after = {
  ...kept,
  ...Object.fromEntries(files.flatMap(({ path, text }) => (text === null ? [] : [[path, text] as const]))),
};

describe("an edit of several files", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "onebranch-edit-"));
    mkdirSync(join(root, "gitops/old"), { recursive: true });
    for (const [path, text] of Object.entries(before)) writeFileSync(join(root, path), text);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const content = (directory = root): Record<string, string> =>
    Object.fromEntries(
      readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((file) => [file.slice(directory.length + 1), readFileSync(file, "utf8")]),
    );

  const child = (directory: string, last: number) =>
    spawnSync(
      process.execPath,
      ["--import", "tsx", join(__dirname, "write-until.ts"), directory, JSON.stringify(files), String(last)],
      { encoding: "utf8", cwd: inCheckout("test") },
    );

  it("writes all of them and leaves nothing else, no empty directory either", () => {
    editFiles(root, files);
    assert.deepEqual(content(), after);
    assert.equal(existsSync(join(root, "gitops/old")), false);
    assert.equal(existsSync(join(root, ".onebranch")), false);
  });

  it("is all or nothing wherever the process is killed: the next run finishes it or finds nothing done", async function () {
    const whole = child(root, -1);
    assert.deepEqual([whole.status, whole.stderr], [0, ""]);
    const steps = Number(whole.stdout);
    // A directory and a file for each text, and one step for what is removed.
    assert.equal(steps, 1 + files.length + 2 + (2 * files.length - 1) + 2);
    const outcomes = new Set<string>();
    for (let last = 0; last < steps; last++) {
      const copy = join(root, `copy-${last}`);
      mkdirSync(join(copy, "gitops/old"), { recursive: true });
      for (const [path, text] of Object.entries(before)) writeFileSync(join(copy, path), text);
      assert.equal(child(copy, last).signal, "SIGKILL", `step ${last}`);
      // Killed once more while it is being finished: that changes nothing.
      const again = join(root, `again-${last}`);
      cpSync(copy, again, { recursive: true });
      finishEdit(again);
      finishEdit(copy);
      const found = content(copy);
      assert.deepEqual(content(again), found);
      const outcome =
        JSON.stringify(found) === JSON.stringify(content(again)) && found["gitops/c.yaml"] === undefined
          ? "nothing"
          : "all";
      assert.deepEqual(found, outcome === "all" ? after : before, `killed before step ${last}`);
      outcomes.add(outcome);
    }
    assert.deepEqual([...outcomes].sort(), ["all", "nothing"]);
  });

  /** What a killed run leaves that had decided. */
  function leaveDecided(pid: number): void {
    let text = "";
    try {
      editFiles(root, files, (name) => {
        if (name === "write gitops/deep/er/b.yaml") throw new Error("stop");
      });
    } catch {
      const journal = join(root, ".onebranch/edit/journal.json");
      text = readFileSync(journal, "utf8");
      writeFileSync(journal, JSON.stringify({ ...JSON.parse(text), pid, start: startToken(pid) }));
    }
    assert.notEqual(text, "");
  }

  it("is not finished over what somebody wrote since", () => {
    leaveDecided(2 ** 22 + 1);
    writeFileSync(join(root, "gitops/c.yaml"), "c: mine\n");
    assert.throws(
      () => finishEdit(root),
      /^UserError: gitops\/c\.yaml has changed since a run of onebranch was killed/,
    );
    assert.equal(content()["gitops/c.yaml"], "c: mine\n");
  });

  it("waits for no other run, and says that there is one", () => {
    leaveDecided(process.ppid);
    assert.throws(() => editFiles(root, files), /another onebranch \(process \d+\) is writing to this tree/);
  });

  it("leaves the tree alone when a text cannot be collected", () => {
    writeFileSync(join(root, ".onebranch"), "in the way\n");
    assert.throws(() => editFiles(root, files), /nothing was written: /);
    assert.deepEqual({ ...content(), ".onebranch": undefined }, { ...before, ".onebranch": undefined });
  });
});
