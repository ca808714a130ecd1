import assert from "node:assert/strict";
import { isPlain, namesSecret } from "../../../../cli/verbs/check/secrets/names";
import { secretShape } from "../../../../cli/verbs/check/secrets/shapes";
import { isSecretEntry, writtenEntries } from "../../../../cli/verbs/check/secrets/entries";
import { assignmentsIn } from "../../../../cli/verbs/check/secrets/texts";

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
    [`{"auths":{"registry.example.com":{"auth":"${base64("user:hunter2")}"}}}`, "the login of a registry"],
    [`dockerconfig: "{\\"auth\\": \\"${base64("user:hunter2")}\\"}"`, "the login of a registry"],
    [`  auth: ${base64("user:hunter2")}`, "the login of a registry"],
    [`Authorization: Basic ${base64("user:hunter2")}`, "a login"],
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
      `{"auth":"${base64("<path:kv/data/registry#auth>")}"}`,
      `{"auth":"${base64("user:${PASSWORD}")}"}`,
      "auth: enabled",
      "basic-auth: c2VydmljZQ==",
      "password: ENC[AES256_GCM,data:Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4,iv:YmFy,tag:YmF6,type:str]",
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
      "<path:kv/data/a#b>",
      "ENC[AES256_GCM,data:a,iv:b,tag:c,type:str]",
      "$ANSIBLE_VAULT;1.1;AES256",
      "op://vault/item/password",
    ];
    for (const value of [...references, "xxxx", "***", "REPLACE_ME", "your-token", null, true, undefined])
      assert.ok(!isPlain(value), String(value));
  });
});

describe("assignmentsIn", () => {
  const lines: [string, [string, string, number][]][] = [
    [
      "a=1\nb = two\n",
      [
        ["a", "1", 0],
        ["b", "two", 1],
      ],
    ],
    ['spring:\n  password: "x y"\n', [["password", "x y", 1]]],
    ["export TOKEN='x'\n", [["TOKEN", "x", 0]]],
    ['{\n  "a": {"password": "x"}\n}', [["password", "x", 1]]],
    ["the token: what somebody is let in with\n", []],
    ["password=x", []],
  ];

  for (const [text, expected] of lines) {
    it(`reads ${JSON.stringify(text)}`, () => {
      assert.deepEqual(
        assignmentsIn(text).map(({ name, value, line }) => [name, value, line]),
        expected,
      );
    });
  }
});

describe("an entry of a Secret", () => {
  it("is one by its name or by what it holds", () => {
    const held: [string, string][] = [
      ["password", "hunter2"],
      ["secret", "hunter2"],
      ["config.yaml", "db:\n  password: hunter2\n"],
      [".dockerconfigjson", `{"auths":{"a":{"auth":"${base64("user:hunter2")}"}}}`],
    ];
    for (const [name, text] of held) assert.ok(isSecretEntry(name, text), name);
    const others: [string, string][] = [
      ["password", ""],
      ["password", "<path:kv#a>"],
      ["url", "https://charts.example.com"],
      ["public-key", "abc"],
      ["alertmanager.yaml", "route:\n  receiver: none\n"],
    ];
    for (const [name, text] of others) assert.ok(!isSecretEntry(name, text), name);
  });

  it("is read from a template where it stands word for word", () => {
    const document = [
      "kind: Secret",
      "data:",
      `  a: ${base64("one")}`,
      "  b: {{ .Values.b | b64enc }}",
      "stringData:",
      "  c: |",
      "    password: two",
      "    url: {{ .Values.url }}",
      '  "d": three',
      "immutable: true",
    ];
    assert.deepEqual(writtenEntries(document.join("\n")), [
      { name: "a", text: "one" },
      { name: "c", text: "    password: two" },
      { name: "d", text: "three" },
    ]);
    assert.deepEqual(writtenEntries("kind: Secret\nstringData: { a: one, b: {{ .x }} }"), [{ name: "a", text: "one" }]);
  });
});
