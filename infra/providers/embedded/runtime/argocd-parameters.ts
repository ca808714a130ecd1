import { UserError } from "../../../../model/errors";

export const argocdNames = [
  "redis",
  "repo-server",
  "application-controller",
  "applicationset-controller",
  "argocd-server",
] as const;
export type ArgoCdName = (typeof argocdNames)[number];

const everywhere: ArgoCdName[] = [
  "repo-server",
  "application-controller",
  "applicationset-controller",
  "argocd-server",
];

/**
 * What Argo CD's own manifests do with `valueFrom`: a key of a ConfigMap becomes a variable of some processes. Kept to the
 * keys that make sense for processes on one machine.
 */
const parameters: Record<string, Record<string, [ArgoCdName | ArgoCdName[], string]>> = {
  "argocd-cm": {
    "timeout.reconciliation": [["repo-server", "application-controller"], "ARGOCD_RECONCILIATION_TIMEOUT"],
    "timeout.reconciliation.jitter": ["application-controller", "ARGOCD_RECONCILIATION_JITTER"],
    "timeout.hard.reconciliation": ["application-controller", "ARGOCD_HARD_RECONCILIATION_TIMEOUT"],
  },
  "argocd-cmd-params-cm": {
    "log.format.timestamp": [everywhere, "ARGOCD_LOG_FORMAT_TIMESTAMP"],
    "application.namespaces": [["application-controller", "argocd-server"], "ARGOCD_APPLICATION_NAMESPACES"],
    "controller.diff.server.side": ["application-controller", "ARGOCD_APPLICATION_CONTROLLER_SERVER_SIDE_DIFF"],
    "controller.kubectl.parallelism.limit": [
      "application-controller",
      "ARGOCD_APPLICATION_CONTROLLER_KUBECTL_PARALLELISM_LIMIT",
    ],
    "controller.log.format": ["application-controller", "ARGOCD_APPLICATION_CONTROLLER_LOGFORMAT"],
    "controller.log.level": ["application-controller", "ARGOCD_APPLICATION_CONTROLLER_LOGLEVEL"],
    "controller.operation.processors": ["application-controller", "ARGOCD_APPLICATION_CONTROLLER_OPERATION_PROCESSORS"],
    "controller.repo.error.grace.period.seconds": ["application-controller", "ARGOCD_REPO_ERROR_GRACE_PERIOD_SECONDS"],
    "controller.self.heal.timeout.seconds": [
      "application-controller",
      "ARGOCD_APPLICATION_CONTROLLER_SELF_HEAL_TIMEOUT_SECONDS",
    ],
    "controller.status.processors": ["application-controller", "ARGOCD_APPLICATION_CONTROLLER_STATUS_PROCESSORS"],
    "controller.sync.timeout.seconds": ["application-controller", "ARGOCD_APPLICATION_CONTROLLER_SYNC_TIMEOUT"],
    "controller.sync.wave.delay.seconds": ["application-controller", "ARGOCD_SYNC_WAVE_DELAY"],
    "reposerver.enable.git.submodule": ["repo-server", "ARGOCD_GIT_MODULES_ENABLED"],
    "reposerver.git.request.timeout": ["repo-server", "ARGOCD_GIT_REQUEST_TIMEOUT"],
    "reposerver.log.format": ["repo-server", "ARGOCD_REPO_SERVER_LOGFORMAT"],
    "reposerver.log.level": ["repo-server", "ARGOCD_REPO_SERVER_LOGLEVEL"],
    "reposerver.parallelism.limit": ["repo-server", "ARGOCD_REPO_SERVER_PARALLELISM_LIMIT"],
    "reposerver.repo.cache.expiration": ["repo-server", "ARGOCD_REPO_CACHE_EXPIRATION"],
    "applicationsetcontroller.concurrent.reconciliations.max": [
      "applicationset-controller",
      "ARGOCD_APPLICATIONSET_CONTROLLER_CONCURRENT_RECONCILIATIONS",
    ],
    "applicationsetcontroller.enable.git.submodule": [
      ["applicationset-controller", "argocd-server"],
      "ARGOCD_GIT_MODULES_ENABLED",
    ],
    "applicationsetcontroller.enable.new.git.file.globbing": [
      ["applicationset-controller", "argocd-server"],
      "ARGOCD_APPLICATIONSET_CONTROLLER_ENABLE_NEW_GIT_FILE_GLOBBING",
    ],
    "applicationsetcontroller.enable.scm.providers": [
      ["applicationset-controller", "argocd-server"],
      "ARGOCD_APPLICATIONSET_CONTROLLER_ENABLE_SCM_PROVIDERS",
    ],
    "applicationsetcontroller.global.preserved.annotations": [
      "applicationset-controller",
      "ARGOCD_APPLICATIONSET_CONTROLLER_GLOBAL_PRESERVED_ANNOTATIONS",
    ],
    "applicationsetcontroller.log.format": ["applicationset-controller", "ARGOCD_APPLICATIONSET_CONTROLLER_LOGFORMAT"],
    "applicationsetcontroller.log.level": ["applicationset-controller", "ARGOCD_APPLICATIONSET_CONTROLLER_LOGLEVEL"],
    "applicationsetcontroller.policy": ["applicationset-controller", "ARGOCD_APPLICATIONSET_CONTROLLER_POLICY"],
    "applicationsetcontroller.requeue.after": [
      "applicationset-controller",
      "ARGOCD_APPLICATIONSET_CONTROLLER_REQUEUE_AFTER",
    ],
    "server.insecure": ["argocd-server", "ARGOCD_SERVER_INSECURE"],
    "server.log.format": ["argocd-server", "ARGOCD_SERVER_LOGFORMAT"],
    "server.log.level": ["argocd-server", "ARGOCD_SERVER_LOG_LEVEL"],
    "server.staticassets": ["argocd-server", "ARGOCD_SERVER_STATIC_ASSETS"],
    "server.x.frame.options": ["argocd-server", "ARGOCD_SERVER_X_FRAME_OPTIONS"],
  },
};

/** For development on one machine: look often, and do not pause between waves. */
const defaults: Partial<Record<ArgoCdName, Record<string, string>>> = {
  "repo-server": { ARGOCD_RECONCILIATION_TIMEOUT: "5s", ARGOCD_REPO_SERVER_PARALLELISM_LIMIT: "4" },
  "application-controller": {
    ARGOCD_RECONCILIATION_TIMEOUT: "5s",
    ARGOCD_RECONCILIATION_JITTER: "0s",
    ARGOCD_SYNC_WAVE_DELAY: "0",
  },
};

/**
 * The variables that ConfigMaps mean for each process. A key of `argocd-cmd-params-cm` that would do nothing here is an
 * error, not silence.
 */
export function environments(
  configMaps: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Record<ArgoCdName, Record<string, string>> {
  const result = Object.fromEntries(argocdNames.map((name) => [name, { ...defaults[name] }])) as Record<
    ArgoCdName,
    Record<string, string>
  >;
  const unknown: string[] = [];
  for (const [map, keys] of Object.entries(parameters)) {
    for (const [key, value] of Object.entries(configMaps[map] ?? {})) {
      const [processes, variable] = keys[key] ?? [[], ""];
      if (variable === "" && map === "argocd-cmd-params-cm") unknown.push(key);
      for (const name of [processes].flat()) result[name][variable] = value;
    }
  }
  if (unknown.length > 0) {
    const known = Object.keys(parameters["argocd-cmd-params-cm"]!).join(", ");
    throw new UserError(`argocd-cmd-params-cm has ${unknown.join(", ")}; an embedded Argo CD knows ${known}`);
  }
  return result;
}
