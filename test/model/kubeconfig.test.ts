import assert from "node:assert/strict";
import { clusterFingerprint, contextsOf, extractContext, serverOf } from "../../model/kubeconfig";
import { kubeconfig, sharedKubeconfig } from "../infra/support/source";

const none = () => assert.fail("no file is read");

describe("contextsOf", () => {
  it("names the contexts in the file's order", () => assert.deepEqual(contextsOf(kubeconfig), ["shared", "other"]));
  it("recognises what is not a kubeconfig", () => {
    assert.equal(contextsOf("text"), undefined);
    assert.equal(contextsOf("a: ["), undefined);
  });
});

describe("extractContext", () => {
  it("keeps one context, its cluster and its user", () => {
    assert.deepEqual(JSON.parse(extractContext(kubeconfig, "shared", "/", none)), JSON.parse(sharedKubeconfig));
  });

  it("takes in the files it names, relative to itself", () => {
    const text = kubeconfig.replace("token: shared-token", "client-key: keys/a.key, client-certificate: /abs/a.crt");
    const read = (path: string) => Buffer.from(`text of ${path}`);
    const { users } = JSON.parse(extractContext(text, "shared", "/home/me/.kube", read)) as {
      users: { user: Record<string, string> }[];
    };
    assert.deepEqual(users[0]?.user, {
      "client-key-data": Buffer.from("text of /home/me/.kube/keys/a.key").toString("base64"),
      "client-certificate-data": Buffer.from("text of /abs/a.crt").toString("base64"),
    });
  });

  it("keeps login by a program", () => {
    const text = kubeconfig.replace("token: shared-token", "exec: { command: login, args: [a] }");
    const { users } = JSON.parse(extractContext(text, "shared", "/", none)) as { users: { user: unknown }[] };
    assert.deepEqual(users[0]?.user, { exec: { command: "login", args: ["a"] } });
  });
});

describe("the identity of a cluster", () => {
  it("is its certificate authority: the same name and port with another one is another cluster", () => {
    const before = extractContext(kubeconfig, "shared", "/", none);
    const again = before.replace("Q0E=", "Q0Ey");
    assert.match(clusterFingerprint(before), /^[0-9a-f]{16}$/);
    assert.notEqual(clusterFingerprint(before), clusterFingerprint(again));
    assert.equal(serverOf(before), "https://shared.example.org:6443");
  });

  it("is its address where no certificate authority is given", () => {
    const text = kubeconfig.replace(', certificate-authority-data: Q0E="', '"').replace(/, certificate[^}]*/g, "");
    const shared = clusterFingerprint(extractContext(text, "shared", "/", none));
    assert.notEqual(shared, clusterFingerprint(extractContext(text, "other", "/", none)));
  });
});
