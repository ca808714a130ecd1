import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApiAnswer, ClusterApi } from "../../../../infra/cluster/api";
import { implementation, untilAdmitted } from "../../../../infra/providers/eks/access";
import { execKubeconfig } from "../../../../infra/providers/eks/kubeconfig";
import { checkAws } from "../../../../infra/providers/eks/machine";

const reach = { clusterName: "onebranch-prod", region: "eu-west-1", authority: "Q0E=" };
const kubeconfig = execKubeconfig({ ...reach, server: "https://prod.example" });
const soon = { limit: 20, interval: 1 };

/** An API that gives these answers, and then the last one for ever. */
function answering(...answers: (ApiAnswer | Error)[]): ClusterApi {
  return {
    request() {
      const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
}

const unauthorized = { status: 401, body: { message: "Unauthorized" } };

describe("the wait for a cluster on AWS", () => {
  it("goes on until the login is let in", async () => {
    const late = [new Error("getaddrinfo ENOTFOUND prod.example"), unauthorized, { status: 200, body: {} }];
    await untilAdmitted(answering(...late), kubeconfig, { limit: 10_000, interval: 1 });
  });

  it("ends with what the API server says", async () => {
    await assert.rejects(untilAdmitted(answering(unauthorized), kubeconfig, soon), {
      name: "UserError",
      message:
        "the API server https://prod.example does not let this login in (401 Unauthorized); look whether `aws sts get-caller-identity` shows one of eksAdmins",
    });
  });

  it("ends with what to do where nothing answers", async () => {
    await assert.rejects(untilAdmitted(answering(new Error("connect ETIMEDOUT")), kubeconfig, soon), {
      name: "UserError",
      message:
        /^the API server https:\/\/prod.example cannot be reached from here \(connect ETIMEDOUT\); .* eksPublicCidrs$/,
    });
  });
});

describe("the way into a cluster on AWS", () => {
  let root: string;
  let server: Server;
  let inputs: { stack: string; kubeconfig: string };
  const before_ = process.env.ONEBRANCH_ROOT;
  const path = () => join(root, ".onebranch", "eks", "prod.kubeconfig");

  before(async () => {
    root = mkdtempSync(join(tmpdir(), "onebranch-access-"));
    process.env.ONEBRANCH_ROOT = root;
    server = createServer((_, response) => response.end("{}"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    // What logs in is the business of the cluster; here it is a token.
    const cluster = { name: "c", cluster: { server: address } };
    const context = { name: "c", context: { cluster: "c", user: "c" } };
    const user = { name: "c", user: { token: "t" } };
    const config = { "current-context": "c", clusters: [cluster], contexts: [context], users: [user] };
    inputs = { stack: "prod", kubeconfig: JSON.stringify(config) };
  });
  after(() => {
    if (before_ === undefined) delete process.env.ONEBRANCH_ROOT;
    else process.env.ONEBRANCH_ROOT = before_;
    server.close();
    rmSync(root, { recursive: true });
  });

  const diff = (news: typeof inputs) => implementation.diff!("prod", inputs, news);

  it("is a kubeconfig that this user alone reads, written again where it is not there or is another one", async () => {
    assert.deepEqual(await implementation.create(inputs), { id: "prod", outs: inputs });
    assert.equal(readFileSync(path(), "utf8"), `${inputs.kubeconfig}\n`);
    assert.equal(statSync(path()).mode & 0o777, 0o600);
    assert.deepEqual(await diff(inputs), { changes: false });
    assert.deepEqual(await diff({ ...inputs, kubeconfig: "another" }), { changes: true });
    writeFileSync(path(), "changed");
    assert.deepEqual(await diff(inputs), { changes: true });
    assert.deepEqual(await implementation.update!("prod", inputs, inputs), { outs: inputs });
    assert.deepEqual(await diff(inputs), { changes: false });
  });

  it("goes with its directory", async () => {
    await implementation.delete!("prod", inputs);
    assert.equal(existsSync(join(root, ".onebranch", "eks")), false);
    assert.deepEqual(await diff(inputs), { changes: true });
    await implementation.delete!("prod", inputs);
  });
});

describe("the look at this machine for a cluster on AWS", () => {
  const checked = (result: { code: number | null; missing?: boolean }) =>
    checkAws(() => Promise.resolve({ stdout: "", stderr: "", ...result }));

  it("is content with the AWS CLI", () => checked({ code: 0 }));

  it("says what is missing", async () => {
    await assert.rejects(checked({ code: null, missing: true }), {
      message:
        "the provider eks logs in to clusters with the command `aws`, which is not installed; install the AWS CLI, version 2",
    });
    await assert.rejects(checked({ code: 1 }), { message: /which does not run; / });
  });
});
