import { stringify } from "yaml";
import type { Sso } from "../settings/sso";

/** The key of `argocd-secret` that holds the secret of the client. */
const clientSecretKey = "oidc.clientSecret";

/** Where the identity provider sends people back to. */
export const callbackPath = "/auth/callback";

/**
 * The keys of `argocd-cm` for the login. Of the client's secret they have only the place, because everybody may read the ConfigMap.
 */
export function loginKeys(sso: Sso | undefined): Record<string, string> {
  // The password of admin belongs to nobody, so nobody could be asked about what was done with it.
  return { "admin.enabled": String(sso === undefined), ...(sso && { "oidc.config": oidcConfig(sso) }) };
}

/** The keys of `argocd-rbac-cm`. Whoever is in no group with a role may do nothing. */
export function roleKeys(sso: Sso | undefined, policy: string | undefined): Record<string, string> {
  return {
    "policy.csv": policy ?? "",
    "policy.default": "",
    scopes: `[${sso?.groupsClaim ?? "groups"}]`,
  };
}

/** The keys of `argocd-secret` for the login. */
export function loginSecret<T>(clientSecret: T | undefined): Record<string, T> {
  return clientSecret === undefined ? {} : { [clientSecretKey]: clientSecret };
}

function oidcConfig(sso: Sso): string {
  const { name, issuer, clientId, clientSecret, cliClientId, scopes, groupsClaim, userInfoPath, rootCa } = sso;
  return stringify(
    {
      name,
      issuer,
      clientID: clientId,
      ...(clientSecret === undefined ? { enablePKCEAuthentication: true } : { clientSecret: `$${clientSecretKey}` }),
      ...(cliClientId !== undefined && { cliClientID: cliClientId }),
      requestedScopes: scopes,
      ...(userInfoPath === undefined
        ? // Some providers leave a claim out of the token that nobody asked for by name.
          { requestedIDTokenClaims: { [groupsClaim]: { essential: true } } }
        : { enableUserInfoGroups: true, userInfoPath }),
      ...(rootCa !== undefined && { rootCA: rootCa }),
    },
    { lineWidth: 0 },
  );
}
