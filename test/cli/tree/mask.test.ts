import assert from "node:assert/strict";
import type { KubernetesObject } from "../../../cli/tree/renderer";
import { maskFields, maskObject, maskText } from "../../../cli/tree/mask";

const object = (kind: string, more: object): KubernetesObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name: "x" },
  ...more,
});

describe("masking", () => {
  it("hides everything in a Secret but its keys and type", () => {
    const last = { "kubectl.kubernetes.io/last-applied-configuration": '{"data":{"a":"czNjcjN0"}}', plain: "kept" };
    const masked = maskObject({
      ...object("Secret", { type: "Opaque", data: { a: "czNjcjN0" }, stringData: { "b.c": "s3cr3t" } }),
      metadata: { name: "x", annotations: last },
    });
    assert.deepEqual(masked, {
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        name: "x",
        annotations: { "kubectl.kubernetes.io/last-applied-configuration": "(masked)", plain: "kept" },
      },
      type: "Opaque",
      data: { a: "(masked)" },
      stringData: { "b.c": "(masked)" },
    });
  });

  it("hides the fields of a Secret and says so", () => {
    assert.deepEqual(
      maskFields("Secret", [
        { path: "data.a", from: "b2xk", to: "bmV3" },
        { path: 'stringData["b.c"]', to: "s3cr3t" },
        { path: "data", from: { a: "b2xk" } },
        { path: "type", from: "Opaque", to: "kubernetes.io/tls" },
      ]),
      [
        { path: "data.a", from: "(masked)", to: "(masked)", masked: true },
        { path: 'stringData["b.c"]', to: "(masked)", masked: true },
        { path: "data", from: { a: "(masked)" }, masked: true },
        { path: "type", from: "Opaque", to: "kubernetes.io/tls" },
      ],
    );
  });

  const hidden: [string, unknown][] = [
    ["data.DB_PASSWORD", "s3cr3t"],
    ["data.apiKey", "s3cr3t"],
    ["spec.template.spec.containers[web].env[API_TOKEN].value", "s3cr3t"],
    ["spec.template.spec.containers[web].env[API_TOKEN]", { name: "API_TOKEN", value: "s3cr3t" }],
    ["spec.source.helm.parameters[db.password].value", "s3cr3t"],
    ["spec.template.spec.containers[web].args", ["--token", "s3cr3t"]],
    ["spec.template.spec.containers[web].args", ["--db-password=s3cr3t"]],
    ["spec.template.spec.containers[web].command[2]", "run --password s3cr3t --verbose"],
    ["data.url", "postgres://app:s3cr3t@db/app"],
    ["data.settings", "user: app\npassword: s3cr3t\n"],
    ["data.json", '{"clientSecret": "s3cr3t"}'],
    ["data.docker", '{"auths":{"registry.example.com":{"auth":"s3cr3ts3cr3t"}}}'],
    ["data.header", "Authorization: Bearer s3cr3ts3cr3t"],
    ["data.pem", "-----BEGIN RSA PRIVATE KEY-----\ns3cr3t\n-----END RSA PRIVATE KEY-----\n"],
    ["spec.credentials", { user: "s3cr3t", nested: ["s3cr3t"] }],
    ["spec.pin.password", 493],
  ];
  for (const [path, value] of hidden) {
    it(`hides a secret at ${path} (${JSON.stringify(value).slice(0, 30)})`, () => {
      const [field] = maskFields("ConfigMap", [{ path, from: "x", to: value }]);
      assert.ok(!/s3cr3t|493/.test(JSON.stringify(field)), JSON.stringify(field));
      assert.match(JSON.stringify(field), /\(masked\)/);
      assert.equal(field!.masked, true);
    });
  }

  it("hides an argument whose flag stands before it", () => {
    const path = "spec.containers[web].args[1]";
    const document = object("Pod", { spec: { containers: [{ name: "web", args: ["--password", "n3w"] }] } });
    const [field] = maskFields("Pod", [{ path, from: "0ld", to: "n3w" }], [undefined, document]);
    assert.deepEqual(field, { path, from: "(masked)", to: "(masked)", masked: true });
  });

  const kept: [string, unknown][] = [
    ["spec.template.spec.volumes[certs].secret.secretName", "web-tls"],
    ["spec.template.spec.containers[web].env[DB_PASSWORD].valueFrom.secretKeyRef", { name: "db", key: "password" }],
    ["automountServiceAccountToken", false],
    ["data.DB_PASSWORD_FILE", "/run/secrets/db"],
    ["spec.secretStoreRef", { name: "stage-secrets", kind: "ClusterSecretStore" }],
    ["rules[0].resources", ["secrets", "tokenreviews"]],
    ["imagePullSecrets", [{ name: "pull" }]],
    ["data.message", "the keyboard of the secretary"],
  ];
  for (const [path, value] of kept) {
    it(`keeps what is not a secret at ${path}`, () => {
      assert.deepEqual(maskFields("ConfigMap", [{ path, to: value }]), [{ path, to: value }]);
    });
  }

  it("leaves a schema alone, which only names the fields of secrets", () => {
    const schema = object("CustomResourceDefinition", {
      spec: { properties: { password: { description: "the password" } } },
    });
    assert.deepEqual(maskObject(schema), schema);
  });

  it("does not tell the length of a secret", () => {
    assert.equal(maskText("password=a"), maskText("password=abcdefghijklmnop"));
  });
});
