import assert from "node:assert/strict";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runTool } from "../../support/tree-repo";
import { Repo } from "../../tree/support";
import { fixtures } from "./support/case";

const orders = "gitops/apps/orders";
const stageValues = `${orders}/stages/prod/values.yaml`;
const pin = `${orders}/stages/prod/pin.yaml`;
const ring = `${orders}/stages/prod/rings/canary`;

describe("values-removed", () => {
  let repo: Repo;

  beforeEach(() => {
    repo = new Repo();
    cpSync(join(fixtures, "tree"), repo.root, { recursive: true });
    cpSync(join(fixtures, "rules", "values-removed", "valid", "gitops"), join(repo.root, "gitops"), {
      recursive: true,
    });
    repo.commit("base");
  });
  afterEach(() => repo.remove());

  const remove = (...paths: string[]) => paths.forEach((path) => rmSync(join(repo.root, path)));
  const edit = (path: string, from: string, to: string) => repo.put({ [path]: repo.read(path).replace(from, to) });

  /** `severity removed file`, of each finding. */
  async function found(): Promise<string[]> {
    const { out } = await runTool(repo.root, "check", "--rule", "values-removed", "--json");
    const all = JSON.parse(out) as { severity: string; message: string }[];
    return all.map(({ severity, message }) => `${severity} ${message.split(" is gone")[0]}`);
  }

  it("is an error where the pin stays as it was", async () => {
    remove(stageValues);
    assert.deepEqual(await found(), [`error ${stageValues}`]);
  });

  it("is a warning where the pin changes too, as when a version is taken back", async () => {
    remove(stageValues);
    edit(pin, "1.3.0", "1.2.0");
    assert.deepEqual(await found(), [`warning ${stageValues}`]);
  });

  it("is excused by a comment in the pin, which does not count as a change of it", async () => {
    remove(stageValues);
    edit(pin, "component:", "# onebranch-ignore values-removed: the defaults will do\ncomponent:");
    assert.deepEqual(await found(), []);
  });

  it("is a warning for a ring without a pin, and nothing where the ring's pin goes too", async () => {
    repo.put({ [`${ring}/values.yaml`]: "config:\n  TRIAL: a\n" });
    repo.commit("a trial of values");
    remove(`${ring}/values.yaml`);
    assert.deepEqual(await found(), [`warning ${ring}/values.yaml`]);
    repo.put({ [`${ring}/values.yaml`]: "config:\n  TRIAL: a\n", [`${ring}/pin.yaml`]: repo.read(pin) });
    repo.commit("a trial of a version");
    remove(`${ring}/values.yaml`);
    assert.deepEqual(await found(), [`error ${ring}/values.yaml`]);
    remove(`${ring}/pin.yaml`);
    assert.deepEqual(await found(), []);
  });

  it("asks what production gets: another file of the change may set the keys, an old one does not count", async () => {
    repo.put({ [stageValues]: "config:\n  TITLE: live\n" });
    repo.commit("the stage has a title of its own");
    remove(stageValues);
    assert.deepEqual(await found(), [`error ${stageValues}`], "the component's file has another title");
    edit(`${orders}/values.yaml`, "TITLE: orders", "TITLE: live");
    assert.deepEqual(await found(), []);
    edit(`${orders}/values.yaml`, "TITLE: live", "TITLE: new");
    assert.deepEqual(await found(), []);
  });

  it("finds the file of a component only where its Application would render without it", async () => {
    remove(`${orders}/values.yaml`);
    assert.deepEqual(await found(), []);
    edit("gitops/stages/prod.yaml", "create-update", "sync");
    assert.deepEqual(await found(), [`error ${orders}/values.yaml`]);
  });
});
