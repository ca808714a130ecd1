/**
 * What Argo CD checks the webhooks of each kind of Git host by, as keys of `argocd-secret`. Without its key Argo CD takes every
 * webhook of that kind, from anybody who can reach it: so the kinds that nobody uses have the secret too. A host that gives its
 * webhook an id or a name of its own, as Bitbucket and Azure DevOps do, is set up with these.
 */
export function webhookKeys<T>(secret: T): Record<string, T | string> {
  return {
    "webhook.github.secret": secret,
    "webhook.gitlab.secret": secret,
    "webhook.gogs.secret": secret,
    "webhook.bitbucket.uuid": secret,
    "webhook.bitbucketserver.secret": secret,
    "webhook.azuredevops.username": "onebranch",
    "webhook.azuredevops.password": secret,
  };
}
