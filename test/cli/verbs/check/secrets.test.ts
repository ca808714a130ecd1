import assert from "node:assert/strict";
import { isPlain, namesSecret } from "../../../../cli/verbs/check/secrets/names";
import { secretShape } from "../../../../cli/verbs/check/secrets/shapes";

/** Put together here, so that no scanner of this repository takes an example for a secret. */
const of = (...parts: string[]) => parts.join("");
const base64 = (text: string) => Buffer.from(text).toString("base64");
const jwt = [base64('{"alg":"HS256"}'), base64('{"sub":"somebody"}'), "c2lnbmF0dXJlLW9mLWl0"]
  .join(".")
  .replaceAll("=", "");

describe("secretShape", () => {
  const shown: [string, string][] = [
    [of("-----BEGIN ", "PRIVATE KEY-----"), "a private key"],
    [of("-----BEGIN OPENSSH ", "PRIVATE KEY-----"), "a private key"],
    [of("-----BEGIN PGP ", "PRIVATE KEY BLOCK-----"), "a private key"],
    [of("id: AKIA", "A".repeat(16)), "an AWS access key"],
    [of("ghp_", "a1".repeat(18)), "a GitHub token"],
    [of("glpat-", "a".repeat(20)), "a GitLab token"],
    [of("xoxb-", "1".repeat(24)), "a Slack token"],
    [of("AIza", "b".repeat(35)), "a Google API key"],
    [of("sk_live_", "c".repeat(24)), "a Stripe key"],
    [of("npm_", "d".repeat(36)), "a token of a package registry"],
    [of("hvs.", "e".repeat(24)), "a Vault token"],
    [of("DefaultEndpointsProtocol=https;AccountKey=", "f".repeat(86), "=="), "an Azure key"],
    [`token: ${jwt}`, "a signed token (JWT)"],
    ["url: postgres://app:hunter2@db.example.com/app", "an address with a password"],
    ["url: redis://:hunter2@cache:6379", "an address with a password"],
    ["dsn: host=db user=app password=hunter2 sslmode=require", "a connection with a password"],
    ["Server=db;User=app;Password=hunter2;", "a connection with a password"],
  ];

  for (const [text, what] of shown) {
    it(`knows ${what} in ${text.slice(0, 24)}`, () => {
      assert.equal(secretShape(text), what);
      assert.equal(secretShape(`data: ${base64(text)}`), `${what}, in base64,`);
    });
  }

  it("lets pass what only looks a little like one", () => {
    const others = [
      "url: https://docs.example.com/a:b@c",
      "url: postgres://app:${PASSWORD}@db/app",
      "image: registry.example.com/a@sha256:" + "0a".repeat(32),
      "checksum/config: " + "0a".repeat(32),
      "password={{ .Values.password }}",
      "args: --password=$(PASSWORD)",
      "-----BEGIN CERTIFICATE-----",
      base64("nothing but a longer sentence of plain words"),
      "serviceAccountName: external-secrets-cert-controller",
      "# set password=... in the store",
    ];
    for (const text of others) assert.equal(secretShape(text), undefined, text);
  });
});

describe("namesSecret", () => {
  it("knows names of secrets in every spelling", () => {
    const names = [
      "DB_PASSWORD",
      "dbPassword",
      "auth.apiKey",
      "SMTP_TOKEN",
      "clientSecret",
      "JWT_SECRET",
      "AWS_SECRET_ACCESS_KEY",
    ];
    for (const name of [...names, "private-key", "credentials", "passphrase"]) assert.ok(namesSecret(name), name);
  });

  it("lets names pass that say where a secret is, or how it is treated", () => {
    const names = [
      "existingSecret",
      "passwordKey",
      "DB_PASSWORD_FILE",
      "tokenTTL",
      "secretName",
      "maxTokens",
      "secret",
      "key",
      "publicKey",
    ];
    for (const name of names) assert.ok(!namesSecret(name), name);
  });
});

describe("isPlain", () => {
  it("tells secrets from references and placeholders", () => {
    for (const value of ["hunter2", "changeme", 1234]) assert.ok(isPlain(value), String(value));
    const references = [
      "",
      " ",
      "${TOKEN}",
      "$(TOKEN)",
      "$TOKEN",
      "{{ .x }}",
      "/run/secrets/a",
      "vault:a#b",
      "<token>",
      "arn:aws:x",
    ];
    for (const value of [...references, "xxxx", "***", "REPLACE_ME", "your-token", null, true, undefined])
      assert.ok(!isPlain(value), String(value));
  });
});
