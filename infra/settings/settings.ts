import type { Identity } from "../../model/identity";
import type { Lifetime } from "../../model/lifetime";
import type { ProviderName } from "../../model/providers";
import type { Stage } from "../../model/stage";
import type { ArgoCdChoice } from "./argocd";
import type { Installation } from "./installation";
import type { RepositorySettings } from "./repository";
import type { StageSecrets } from "./stage-secrets";

/** What a provider needs to make or reach the cluster. Each provider has its own type, distinguished by the name. */
export interface ProviderSettings {
  readonly name: ProviderName;
}

/** Everything the program needs to know, checked. Nothing else of it reads config, Git or the tree. */
export interface Settings<P extends ProviderSettings = ProviderSettings> {
  /** Name of the stack, which is the cluster's name as infrastructure (processes, containers, directories). */
  stack: string;
  /** Root of the checkout. */
  root: string;
  /** Who the cluster is in gitops/; `provider` and `capabilities` are the effective ones. */
  identity: Identity;
  stage: Stage;
  /** Of an ephemeral stack. */
  lifetime?: Lifetime;
  /** Webhook configurations and API services that add-ons may make, as `add-on/name`. */
  registrations: readonly string[];
  provider: P;
  /** What Argo CD follows. */
  repository: RepositorySettings;
  /** Seconds between two looks at the repository. */
  pollSeconds: number;
  /** Seconds that emptying the cluster may take, where that is done. */
  drainSeconds: number;
  argocd: ArgoCdChoice;
  installation: Installation;
  /** What the applications get as secrets, by key; absent where the provider keeps them outside the cluster. */
  secrets?: StageSecrets;
  /** Changed paths that Argo CD will not see; empty when it does not follow this checkout. */
  dirty: readonly string[];
}
