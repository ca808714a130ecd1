import { X509Certificate } from "node:crypto";
import type { SettingDeclarations } from "./declaration";
import type { Faults } from "./faults";
import type { ReadFile } from "./file";
import type { Values } from "./values";

/** Login to Argo CD by an identity provider that speaks OpenID Connect. */
export interface Sso {
  /** What the button in the UI says. */
  name: string;
  issuer: string;
  clientId: string;
  /** Secret; absent for a public client, which logs in with PKCE. */
  clientSecret?: string;
  /** The client of `argocd login --sso`, where it is another one. */
  cliClientId?: string;
  scopes: readonly string[];
  /** The claim that names the groups of a person. */
  groupsClaim: string;
  /** Where the groups are asked for, below the issuer; absent: they are in the token. */
  userInfoPath?: string;
  /** Certificates in PEM that the issuer is trusted by, besides the usual ones. */
  rootCa?: string;
}

/** Argo CD's own. */
const usualScopes = ["openid", "profile", "email", "groups"];

/** How people log in to Argo CD. */
export const ssoSettings = {
  argocdOidcIssuer: {
    type: "string",
    default: "",
    description:
      "Address of the identity provider (OpenID Connect) that people log in to Argo CD with, exactly as it names itself: https://..., or http:// on this machine. The user admin is switched off then. Default: none, admin logs in with a password.",
  },
  argocdOidcClientId: {
    type: "string",
    default: "",
    description: "Id of Argo CD's client at the identity provider. Default: none. Required with argocdOidcIssuer.",
  },
  argocdOidcClientSecret: {
    type: "string",
    default: "",
    secret: true,
    description:
      "Secret of that client; set it with `pulumi config set --secret`. Default: none, the client is public and logs in with PKCE.",
  },
  argocdOidcCliClientId: {
    type: "string",
    default: "",
    description:
      "Id of a public client for `argocd login --sso`, which cannot use a client with a secret. Default: argocdOidcClientId.",
  },
  argocdOidcName: {
    type: "string",
    default: "SSO",
    description: "What the button for the login says. Default: SSO.",
  },
  argocdOidcScopes: {
    type: "array",
    default: [],
    description:
      "Scopes to ask for; leave groups out for a provider that does not know it, such as Google, GitLab and Entra ID. Default: openid, profile, email, groups.",
  },
  argocdOidcGroupsClaim: {
    type: "string",
    default: "groups",
    description: "The claim that names the groups of a person. Default: groups.",
  },
  argocdOidcUserInfoPath: {
    type: "string",
    default: "",
    description:
      "Path below argocdOidcIssuer where groups are asked for, such as /userinfo, for a provider that leaves them out of the token. Default: none, they are in the token.",
  },
  argocdOidcCa: {
    type: "string",
    default: "",
    description:
      "Path of a PEM file, from the root of the checkout, with the authority that signed the certificate of the identity provider. Default: none, the usual ones are trusted.",
  },
} as const satisfies SettingDeclarations;

type SsoSetting = keyof typeof ssoSettings;

interface Source {
  values: Values<SsoSetting>;
  faults: Faults;
  read: ReadFile;
}

/** The login that the stack asks for; `undefined` when there is none, or when something about it is wrong and was reported. */
export function parseSso(source: Source): Sso | undefined {
  const { values, faults } = source;
  const issuer = values.text("argocdOidcIssuer");
  if (issuer === undefined) {
    for (const name of Object.keys(ssoSettings) as SsoSetting[]) {
      if (values.isSet(name)) report(faults, name, "is set without argocdOidcIssuer", "set both, or neither");
    }
    return undefined;
  }
  checkIssuer(issuer, faults);
  const clientId = id("argocdOidcClientId", source);
  if (clientId === undefined) {
    report(
      faults,
      "argocdOidcIssuer",
      "is set without argocdOidcClientId",
      "name the client: pulumi config set argocdOidcClientId <id>",
    );
  }
  const cliClientId = id("argocdOidcCliClientId", source);
  const clientSecret = values.text("argocdOidcClientSecret");
  const userInfoPath = pathOf(source);
  const rootCa = authority(source);
  const scopes = scopesOf(source);
  const name = values.text("argocdOidcName") ?? "SSO";
  if (name.startsWith("$")) report(faults, "argocdOidcName", `is "${name}"`, "begin it without a $");
  const groupsClaim = values.text("argocdOidcGroupsClaim") ?? "groups";
  if (!/^[^\s[\],"']+$/.test(groupsClaim)) {
    report(faults, "argocdOidcGroupsClaim", `is "${groupsClaim}"`, "give the name of one claim");
  }
  return {
    name,
    issuer,
    clientId: clientId ?? "",
    ...(clientSecret !== undefined && { clientSecret }),
    ...(cliClientId !== undefined && { cliClientId }),
    scopes,
    groupsClaim,
    ...(userInfoPath !== undefined && { userInfoPath }),
    ...(rootCa !== undefined && { rootCa }),
  };
}

function report(faults: Faults, name: SsoSetting, what: string, fix: string): void {
  faults.setting(name, "setting-argocd-oidc", { message: `${name} ${what}`, fix });
}

/** A password would cross the network in plain text over http. */
function checkIssuer(issuer: string, faults: Faults): void {
  const isLocal = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)/.test(issuer);
  if (isLocal || (/^https:\/\/[^\s/@]+(\/\S*)?$/.test(issuer) && !/[?#]/.test(issuer))) {
    if (!issuer.includes("/.well-known/")) return;
    const fix = `give what stands before it: ${issuer.replace(/\/\.well-known\/.*/, "")}`;
    return report(faults, "argocdOidcIssuer", "is the address of the discovery document", fix);
  }
  report(faults, "argocdOidcIssuer", `is "${issuer}"`, "give the provider's own address, https://...");
}

/** Argo CD takes a text that begins with $ for the name of a secret. */
function id(name: "argocdOidcClientId" | "argocdOidcCliClientId", { values, faults }: Source): string | undefined {
  const text = values.text(name);
  if (text === undefined || /^[^\s$]\S*$/.test(text)) return text;
  report(faults, name, `is "${text}"`, "give the id of a client, without spaces and without a $ in front");
  return undefined;
}

function scopesOf({ values, faults }: Source): readonly string[] {
  const scopes = values.list("argocdOidcScopes");
  const found = scopes.length === 0 ? usualScopes : scopes;
  if (!found.includes("openid")) {
    report(
      faults,
      "argocdOidcScopes",
      `is ${found.join(", ")}`,
      "add openid: without it nobody gets a token to log in with",
    );
  }
  return found;
}

function pathOf({ values, faults }: Source): string | undefined {
  const path = values.text("argocdOidcUserInfoPath");
  if (path !== undefined && !/^\/[^\s?#]*$/.test(path)) {
    report(faults, "argocdOidcUserInfoPath", `is "${path}"`, "give a path such as /userinfo");
  }
  return path;
}

function authority({ values, faults, read }: Source): string | undefined {
  const path = values.text("argocdOidcCa");
  if (path === undefined) return undefined;
  const text = read(path);
  const fix = "give the path of a PEM file with certificates, from the root of the checkout";
  if (text === undefined) report(faults, "argocdOidcCa", `names ${path}, which cannot be read`, fix);
  else if (!isCertificate(text))
    report(faults, "argocdOidcCa", `names ${path}, which is not a certificate in PEM`, fix);
  return text;
}

function isCertificate(text: string): boolean {
  try {
    new X509Certificate(text);
    return true;
  } catch {
    return false;
  }
}
