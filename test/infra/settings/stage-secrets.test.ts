import assert from "node:assert/strict";
import { parseSettings, secretSettings } from "../../../infra/config";
import { run } from "../support/run-program";
import { refusal, type Change } from "../support/refusal";
import { settingsWith, sourceWith } from "../support/source";

describe("the secrets of a stack", () => {
  it("are all settings that begin with secrets., by key", () => {
    const config = { "secrets.orders-db": "hunter2", "secrets.2fa": " kept as it is ", pollSeconds: "5" };
    assert.deepEqual(settingsWith({ config }).secrets, { "orders-db": "hunter2", "2fa": " kept as it is " });
    assert.deepEqual(settingsWith().secrets, {});
  });

  it("are secret to the tool, as the declared ones are", () => {
    const secrets = secretSettings({ "secrets.db": "x", pollSeconds: "5" });
    assert.deepEqual(
      ["secrets.db", "repoPassword", "repoSshKey", "pollSeconds"].map((name) => secrets.includes(name)),
      [true, true, true, false],
    );
  });

  it("become one Secret, whose values are secret in the state", async () => {
    const config = { provider: "embedded", "secrets.orders-db": "hunter2" };
    const { resources } = await run(settingsWith({ config }), false);
    const found = resources.find(({ name }) => name === "stage-secrets");
    assert.deepEqual(found?.inputs.stringData, { "orders-db": "hunter2" });
    assert.deepEqual(found?.secrets, ["stringData"]);
    const restoration = resources.find(({ name }) => name === "restoration");
    assert.ok(restoration?.secrets.includes("objects"));
    assert.match(JSON.stringify(restoration?.inputs.objects), /hunter2/);
  });

  const encrypted = "config:\n  onebranch:secrets.db:\n    secure: v1:sealed\n";
  const faults: { title: string; change: Change; message: string }[] = [
    {
      title: "that stand in plain text, without repeating them",
      change: {
        config: { "secrets.db": "hunter2" },
        files: { "Pulumi.dev.yaml": "config:\n  onebranch:secrets.db: hunter2\n" },
      },
      message:
        "Pulumi.dev.yaml:2: secrets.db is in plain text; change it where it came from, then store it encrypted: pulumi config set --secret secrets.db [setting-secret]",
    },
    {
      title: "that Pulumi has in plain text from somewhere else",
      change: { config: { "secrets.db": "hunter2" }, isEncrypted: () => false },
      message:
        "secrets.db is in plain text; change it where it came from, then store it encrypted: pulumi config set --secret secrets.db",
    },
    {
      title: "whose key not every store takes",
      change: { config: { "secrets.Orders.DB": "hunter2" } },
      message:
        'secrets.Orders.DB has the key "Orders.DB"; a key has lowercase letters, digits and dashes only, such as orders-db',
    },
    {
      title: "without a key",
      change: { config: { "secrets.": "hunter2" } },
      message: 'secrets. has the key ""; a key has lowercase letters, digits and dashes only',
    },
    {
      title: "that are empty",
      change: { config: { "secrets.db": "" } },
      message: "secrets.db is empty; give it a value, or remove it: pulumi config rm secrets.db",
    },
  ];
  for (const { title, change, message } of faults) {
    it(`are refused: ${title}`, () => assert.equal(refusal(change), message));
  }

  it("may stand encrypted in the stack's file", () => {
    const change = { config: { "secrets.db": "[secret]" }, files: { "Pulumi.dev.yaml": encrypted } };
    assert.deepEqual(parseSettings(sourceWith(change)).secrets, { db: "[secret]" });
  });

  it("are refused where the provider keeps them outside the cluster", () => {
    assert.match(
      refusal({ stack: "prod", config: { "secrets.db": "hunter2", kubernetesVersion: "" } }),
      /secrets\.db has no effect: the secrets of this stage are in AWS Secrets Manager, as keys of onebranch\/prod\/stage-secrets; put the key there, and remove it here/,
    );
  });
});

describe("the key that reads the repository over SSH", () => {
  const key = "-----BEGIN OPENSSH PRIVATE KEY-----\nbase64\n-----END OPENSSH PRIVATE KEY-----";
  const repoURL = "git@git.example.org:platform/tree.git";

  it("is a secret of the repository's Secret, with the line end that OpenSSH wants", async () => {
    const config = { provider: "embedded", repoURL, repoSshKey: key };
    const { resources } = await run(settingsWith({ config }), false);
    const repository = resources.find(({ name }) => name === "repository");
    assert.deepEqual(repository?.inputs.stringData, { type: "git", url: repoURL, sshPrivateKey: `${key}\n` });
    assert.deepEqual(repository?.secrets, ["stringData"]);
  });

  const faults: { title: string; config: Record<string, string>; message: RegExp }[] = [
    {
      title: "for an address that is not read over SSH",
      config: { repoURL: "https://git.example.org/x.git", repoSshKey: key },
      message: /^repoSshKey is set, and "https:.*x\.git" is not read over SSH; set repoURL to ssh:/,
    },
    {
      title: "that is the public half, which is not repeated",
      config: { repoURL, repoSshKey: "ssh-ed25519 AAAA me" },
      message: /^repoSshKey is not a private key; give the whole file, from BEGIN to END: [^A]+$/,
    },
    {
      title: "beside a password",
      config: { repoURL, repoSshKey: key, repoUsername: "a", repoPassword: "b" },
      message: /^repoSshKey is set beside repoPassword; keep one of both$/,
    },
  ];
  for (const { title, config, message } of faults) {
    it(`is refused: ${title}`, () => assert.match(refusal({ config }), message));
  }
});
