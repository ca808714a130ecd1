import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { homeOf } from "../../../cli/stack/paths";
import {
  collectSettings,
  parseConfigWords,
  refuseUnreadable,
  removeWorkDir,
  writeWorkDir,
} from "../../../cli/stack/work-dir";
import { FakeCheckout } from "../support/checkout";

describe("stack settings", () => {
  let checkout: FakeCheckout;
  beforeEach(() => {
    checkout = new FakeCheckout();
    checkout.write(
      "Pulumi.dev.yaml",
      "config:\n  onebranch:pollSeconds: 7\n  onebranch:kindLoadImages: [a, b]\n  kubernetes:x: y\n",
    );
  });
  afterEach(() => checkout.remove());

  const collect = (given: Record<string, string>) => collectSettings(homeOf(checkout.root), "dev", given);
  const write = (given: Record<string, string>) =>
    writeWorkDir(homeOf(checkout.root), "dev", collect(given), ["repoPassword"]);
  const written = (workDir: string) =>
    parse(readFileSync(join(workDir, "Pulumi.dev.yaml"), "utf8")) as Record<string, Record<string, unknown>>;

  it("come from the checked-in file, the command line winning; lists are JSON", () => {
    assert.deepEqual(collect({ provider: "embedded", pollSeconds: "3" }).config, {
      "kubernetes:x": "y",
      kindLoadImages: '["a","b"]',
      pollSeconds: "3",
      provider: "embedded",
    });
  });

  it("given once stay until the stack is forgotten", () => {
    write({ provider: "embedded" });
    assert.equal(collect({}).config.provider, "embedded");
    assert.equal(collect({ provider: "kind" }).config.provider, "kind");
    removeWorkDir(homeOf(checkout.root), "dev");
    assert.equal(collect({}).config.provider, undefined);
  });

  it("are written where only their owner reads them, with Pulumi.yaml beside them", () => {
    const workDir = write({ provider: "embedded" });
    assert.deepEqual(written(workDir).config, {
      "onebranch:pollSeconds": 7,
      "onebranch:kindLoadImages": ["a", "b"],
      "kubernetes:x": "y",
      "onebranch:provider": "embedded",
    });
    assert.equal(readFileSync(join(workDir, "Pulumi.yaml"), "utf8"), "name: onebranch\nruntime: nodejs\n");
    assert.equal(statSync(workDir).mode & 0o777, 0o700);
    assert.equal(statSync(join(workDir, "Pulumi.dev.yaml")).mode & 0o777, 0o600);
  });

  it("of a list that is given as JSON are a list in the file", () => {
    assert.deepEqual(written(write({ kindLoadImages: '["c"]' })).config?.["onebranch:kindLoadImages"], ["c"]);
  });

  it("of a list that is given with commas, or as one entry, are a list too, where Pulumi.yaml declares one", () => {
    const declared =
      "name: onebranch\nruntime: nodejs\nconfig:\n  eksAdmins: { type: array }\n  domain: { type: string }\n";
    writeFileSync(join(checkout.root, "Pulumi.yaml"), declared);
    const { config } = written(write({ eksAdmins: "arn:a, arn:b", domain: "a,b" }));
    assert.deepEqual([config?.["onebranch:eksAdmins"], config?.["onebranch:domain"]], [["arn:a", "arn:b"], "a,b"]);
    assert.deepEqual(written(write({ eksAdmins: "arn:a" })).config?.["onebranch:eksAdmins"], ["arn:a"]);
  });

  it("lose another backend's encryption in the checkout's own, and what cannot be read is named", () => {
    checkout.write(
      "Pulumi.dev.yaml",
      "encryptionsalt: v1:x\nconfig:\n  onebranch:pollSeconds: 7\n  onebranch:repoPassword: {secure: x}\n",
    );
    const home = homeOf(checkout.root);
    const workDir = writeWorkDir(home, "dev", collect({}), ["repoPassword"], true);
    assert.deepEqual(written(workDir), { config: { "onebranch:pollSeconds": 7 } });
    assert.throws(() => refuseUnreadable(home, "dev", collect({})), {
      message:
        "Pulumi.dev.yaml holds encrypted settings that only the backend they were made with can read: repoPassword; " +
        "set PULUMI_BACKEND_URL to it, or give each with --config-file repoPassword=FILE",
    });
    refuseUnreadable(home, "dev", collect({ repoPassword: "given" }));
  });

  it("follow a change of the checked-in file", () => {
    write({});
    checkout.write("Pulumi.dev.yaml", "config: {}\n");
    assert.deepEqual(written(write({})).config, {});
  });

  it("keep what Pulumi encrypted, and never write a secret in plain text", () => {
    const workDir = write({ repoPassword: "hunter2" });
    for (const file of ["Pulumi.dev.yaml", "overrides.json"]) {
      assert.ok(!readFileSync(join(workDir, file), "utf8").includes("hunter2"), file);
    }
    const sealed = "encryptionsalt: v1:salt\nconfig:\n  onebranch:repoPassword:\n    secure: v1:sealed\n";
    writeFileSync(join(workDir, "Pulumi.dev.yaml"), sealed);
    assert.equal(collect({}).config.repoPassword, "[secret]");
    const { config, encryptionsalt } = written(write({}));
    assert.deepEqual([config?.["onebranch:repoPassword"], encryptionsalt], [{ secure: "v1:sealed" }, "v1:salt"]);
  });

  it("are read from --config with and without the project's prefix, up to the first =", () => {
    assert.deepEqual(parseConfigWords(["a=1", "onebranch:b=2=3"]), { a: "1", b: "2=3" });
  });
});
