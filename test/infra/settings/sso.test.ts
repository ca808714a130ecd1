import assert from "node:assert/strict";
import { parse } from "yaml";
import { argoCdConfig } from "../../../infra/argocd/config";
import { makeCertificate } from "../support/certificate";
import { refusal, type Change } from "../support/refusal";
import { settingsWith, tree } from "../support/source";

const issuer = "https://login.example.org/realms/platform";
const given = { argocdOidcIssuer: issuer, argocdOidcClientId: "argocd", argocdGroups: '["platform=admin"]' };
const rules = "p, role:operator, applications, sync, */*, allow\n";

/** The configuration that a stack gives Argo CD. */
function configOf(change: Change) {
  const { cm, rbac } = argoCdConfig(3, undefined, settingsWith(change).argocd);
  return { cm, rbac, oidc: parse(cm["oidc.config"] ?? "{}") as Record<string, unknown> };
}

describe("the login by an identity provider", () => {
  it("is not there where nothing is set: admin logs in, and nobody else may do anything", () => {
    const { cm, rbac } = configOf({});
    assert.equal(cm["admin.enabled"], "true");
    assert.equal("oidc.config" in cm, false);
    assert.deepEqual(rbac, { "policy.csv": "", "policy.default": "", scopes: "[groups]" });
  });

  it("takes the place of admin, with the secret kept out of the ConfigMap", () => {
    const { cm, rbac, oidc } = configOf({ config: { ...given, argocdOidcClientSecret: "marker-4711" } });
    assert.equal(cm["admin.enabled"], "false");
    assert.deepEqual(oidc, {
      name: "SSO",
      issuer,
      clientID: "argocd",
      clientSecret: "$oidc.clientSecret",
      requestedScopes: ["openid", "profile", "email", "groups"],
      requestedIDTokenClaims: { groups: { essential: true } },
    });
    assert.deepEqual(rbac, { "policy.csv": "g, platform, role:admin\n", "policy.default": "", scopes: "[groups]" });
    assert.doesNotMatch(JSON.stringify({ cm, rbac }), /marker-4711/);
  });

  it("uses PKCE where the client has no secret", () => {
    const { oidc } = configOf({ config: given });
    assert.equal(oidc.enablePKCEAuthentication, true);
    assert.equal("clientSecret" in oidc, false);
  });

  it("asks for what the provider has", async () => {
    const ca = await makeCertificate();
    const { oidc, rbac } = configOf({
      config: {
        ...given,
        argocdOidcName: "Work",
        argocdOidcCliClientId: "argocd-cli",
        argocdOidcScopes: "openid,email",
        argocdOidcGroupsClaim: "roles",
        argocdOidcUserInfoPath: "/userinfo",
        argocdOidcCa: "ca.pem",
      },
      files: { "ca.pem": ca },
    });
    assert.deepEqual(oidc, {
      name: "Work",
      issuer,
      clientID: "argocd",
      enablePKCEAuthentication: true,
      cliClientID: "argocd-cli",
      requestedScopes: ["openid", "email"],
      enableUserInfoGroups: true,
      userInfoPath: "/userinfo",
      rootCA: ca,
    });
    assert.equal(rbac.scopes, "[roles]");
  });

  it("may be on this machine without TLS, for a trial", () => {
    const { oidc } = configOf({ config: { ...given, argocdOidcIssuer: "http://127.0.0.1:5556/dex" } });
    assert.equal(oidc.issuer, "http://127.0.0.1:5556/dex");
  });
});

describe("the roles of a stage", () => {
  const rbac = new Map([["dev", `${rules}g, operators, role:operator\n`]]);

  it("come from the stage's file, and the stack adds groups", () => {
    const config = { ...given, argocdGroups: '["cn=admins, dc=example=role:admin","shop=operator"]' };
    const policy = configOf({ config, tree: tree({ rbac }) }).rbac["policy.csv"];
    assert.equal(
      policy,
      `${rules}g, operators, role:operator\ng, "cn=admins, dc=example", role:admin\ng, shop, role:operator\n`,
    );
  });

  it("are enough without groups of the stack", () => {
    const config = { ...given, argocdGroups: "[]" };
    assert.match(configOf({ config, tree: tree({ rbac }) }).rbac["policy.csv"]!, /g, operators, role:operator\n$/);
  });

  it("are those of its own stage", () => {
    assert.equal(configOf({ tree: tree({ rbac: new Map([["prod", rules]]) }) }).rbac["policy.csv"], "");
  });
});

describe("a login that is refused", () => {
  const oidc = (change: Record<string, string>): Change => ({ config: { ...given, ...change } });
  const faults: [title: string, change: Change, message: string][] = [
    [
      "without an issuer",
      { config: { argocdOidcClientId: "argocd", argocdOidcScopes: "openid" } },
      "argocdOidcClientId is set without argocdOidcIssuer; set both, or neither\n" +
        "argocdOidcScopes is set without argocdOidcIssuer; set both, or neither",
    ],
    [
      "without a client",
      { config: { argocdOidcIssuer: issuer, argocdGroups: '["platform=admin"]' } },
      "argocdOidcIssuer is set without argocdOidcClientId; name the client: pulumi config set argocdOidcClientId <id>",
    ],
    [
      "without encryption on the way",
      oidc({ argocdOidcIssuer: "http://login.example.org" }),
      'argocdOidcIssuer is "http://login.example.org"; give the provider\'s own address, https://...',
    ],
    [
      "at the discovery document",
      oidc({ argocdOidcIssuer: `${issuer}/.well-known/openid-configuration` }),
      `argocdOidcIssuer is the address of the discovery document; give what stands before it: ${issuer}`,
    ],
    [
      "with a client that Argo CD would take for a secret",
      oidc({ argocdOidcClientId: "$argocd" }),
      'argocdOidcClientId is "$argocd"; give the id of a client, without spaces and without a $ in front\n' +
        "argocdOidcIssuer is set without argocdOidcClientId; name the client: pulumi config set argocdOidcClientId <id>",
    ],
    [
      "without the scope that makes a token",
      oidc({ argocdOidcScopes: "profile,groups" }),
      "argocdOidcScopes is profile, groups; add openid: without it nobody gets a token to log in with",
    ],
    [
      "with a claim that is several",
      oidc({ argocdOidcGroupsClaim: "groups, roles" }),
      'argocdOidcGroupsClaim is "groups, roles"; give the name of one claim',
    ],
    [
      "with a whole address for groups",
      oidc({ argocdOidcUserInfoPath: "https://login.example.org/me" }),
      'argocdOidcUserInfoPath is "https://login.example.org/me"; give a path such as /userinfo',
    ],
    [
      "with an authority that is not there",
      oidc({ argocdOidcCa: "ca.pem" }),
      "argocdOidcCa names ca.pem, which cannot be read; give the path of a PEM file with certificates, from the root of the checkout",
    ],
    [
      "with an authority that is not a certificate",
      { ...oidc({ argocdOidcCa: "ca.pem" }), files: { "ca.pem": "none" } },
      "argocdOidcCa names ca.pem, which is not a certificate in PEM; give the path of a PEM file with certificates, from the root of the checkout",
    ],
    [
      "with an address for a host",
      { config: { argocdHost: "https://argocd.example.org/" } },
      'argocdHost is "https://argocd.example.org/"; give a host name such as argocd.example.org, without https:// and path',
    ],
    [
      "where nobody has a role",
      {
        config: { argocdOidcIssuer: issuer, argocdOidcClientId: "argocd" },
        tree: tree({ rbac: new Map([["dev", rules]]) }),
      },
      "argocdOidcIssuer is set, and no group has a role: nobody who logs in could see anything; " +
        "name groups: pulumi config set argocdGroups '[\"<group>=admin\"]', or write lines with g into gitops/stages/dev.rbac.csv",
    ],
    [
      "with groups and without the login",
      { config: { argocdGroups: '["platform=admin"]' } },
      "argocdGroups is set without argocdOidcIssuer; set both, or neither: only a person who logs in by SSO has groups",
    ],
    [
      "with a group without a role, and with a role that nobody knows",
      oidc({ argocdGroups: '["platform","shop=operater"]' }),
      'argocdGroups has "platform"; write <group>=<role>, such as platform=admin\n' +
        'argocdGroups: no rule gives "role:operater" any right; use admin or readonly, or write rules for it in gitops/stages/dev.rbac.csv',
    ],
    [
      "with its secret in plain text",
      {
        config: { ...given, argocdOidcClientSecret: "hunter2" },
        files: { "Pulumi.dev.yaml": "config:\n  onebranch:argocdOidcClientSecret: hunter2\n" },
      },
      "Pulumi.dev.yaml:2: argocdOidcClientSecret is in plain text; change it where it came from, then store it encrypted: pulumi config set --secret argocdOidcClientSecret [setting-secret]",
    ],
  ];
  for (const [title, change, message] of faults) it(title, () => assert.equal(refusal(change), message));
});
