import { uncommittedWarning } from "../model/uncommitted";
import { cannotAsk } from "../model/argocd";
import { providerOf } from "./providers";
import type { Settings } from "./settings/settings";

/** What a person should know before a run, and what does not stop it. */
export function warningsOf(settings: Settings): string[] {
  const warnings = [
    uncommittedWarning(settings.dirty),
    cannotAsk(settings.stage, settings.identity),
    ...(providerOf(settings).warnings?.(settings) ?? []),
  ];
  return warnings.filter((warning) => warning !== undefined);
}
