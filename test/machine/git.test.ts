import assert from "node:assert/strict";
import { findRemoteCommit } from "../../machine/git";
import { Repo } from "../cli/tree/support";

describe("the commit of a repository elsewhere", () => {
  const repo = new Repo();
  const url = `file://${repo.root}`;
  let first: string;
  let second: string;

  before(() => {
    first = repo.commit();
    repo.git("tag", "--annotate", "v1", "--message", "v1");
    second = repo.commit();
    repo.git("branch", "v1/main");
  });
  after(() => repo.remove());

  it("is that of a branch, of what a tag names, or of HEAD", async () => {
    assert.equal(await findRemoteCommit(url, "main"), second);
    assert.equal(await findRemoteCommit(url, "v1"), first);
    assert.equal(await findRemoteCommit(url, "HEAD"), second);
  });

  it("is a commit itself, without asking", async () => {
    assert.equal(await findRemoteCommit("https://git.invalid/x", first), first);
  });

  it("is unknown when the branch or the repository is not there, or the address is an option", async () => {
    assert.equal(await findRemoteCommit(url, "other"), undefined);
    assert.equal(await findRemoteCommit(`${url}-gone`, "main"), undefined);
    assert.equal(await findRemoteCommit("--upload-pack=touch /tmp/x", "main"), undefined);
  });
});
