import { uncommittedWarning } from "../model/uncommitted";
import { cannotAskWarning } from "./identity/confirmation";
import { providerOf } from "./providers";
import type { Settings } from "./settings/settings";

/** What a person should know before a run, and what does not stop it. */
export function warningsOf(settings: Settings): string[] {
  const warnings = [
    uncommittedWarning(settings.dirty),
    cannotAskWarning(settings),
    ...(providerOf(settings).warnings?.(settings) ?? []),
  ];
  return warnings.filter((warning) => warning !== undefined);
}
