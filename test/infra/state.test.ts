import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { exportedState, withPulumi } from "../../infra/state";

describe("exportedState", () => {
  let folder: string;
  const { PATH: path, ONEBRANCH_ROOT: root } = process.env;

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "onebranch-state-")));
    process.env.PATH = [folder, path].join(delimiter);
    process.env.ONEBRANCH_ROOT = folder;
  });
  afterEach(() => {
    process.env.PATH = path;
    if (root === undefined) delete process.env.ONEBRANCH_ROOT;
    else process.env.ONEBRANCH_ROOT = root;
    rmSync(folder, { recursive: true });
  });

  function pulumi(script: string): void {
    writeFileSync(join(folder, "pulumi"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, "pulumi"), 0o755);
  }

  it("asks Pulumi for the stack, in the checkout", async () => {
    const text = '{"deployment":{"resources":[{"type":"a:b:C","urn":"u"}]}}';
    pulumi(`echo "$PWD $*" > asked\necho '${text}'`);
    assert.deepEqual(await exportedState("dev"), [{ type: "a:b:C", urn: "u" }]);
    assert.equal(readFileSync(join(folder, "asked"), "utf8"), `${folder} stack export --stack dev\n`);
  });

  it("asks the Pulumi that runs the program, where this process has another environment", async () => {
    process.env.PATH = path;
    pulumi(
      'echo "{\\"deployment\\":{\\"resources\\":[{\\"type\\":\\"a:b:C\\",\\"urn\\":\\"$PULUMI_BACKEND_URL\\"}]}}"',
    );
    const variables = { PATH: [folder, path].join(delimiter), PULUMI_BACKEND_URL: "file:///state" };
    const found = await withPulumi(variables, () => exportedState("dev"));
    assert.deepEqual(found, [{ type: "a:b:C", urn: "file:///state" }]);
  });

  it("does not know the state when Pulumi fails or says something else", async () => {
    pulumi("exit 1");
    assert.equal(await exportedState("dev"), undefined);
    pulumi("echo no json");
    assert.equal(await exportedState("dev"), undefined);
  });

  it("does not know the state without Pulumi", async () => {
    process.env.PATH = folder;
    assert.equal(await exportedState("dev"), undefined);
  });
});
