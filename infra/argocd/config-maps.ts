import type { ArgoCdSettings } from "./settings";

/** The settings as the ConfigMaps that Argo CD reads: name to data. */
export function configMaps(settings: ArgoCdSettings): Record<string, Record<string, string>> {
  return {
    "argocd-cm": { ...settings.cm },
    "argocd-rbac-cm": { ...settings.rbac },
    "argocd-cmd-params-cm": { ...settings.params },
  };
}
