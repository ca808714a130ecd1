import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { offerNames } from "../../../model/names";
import { contextsOf, extractContext } from "../../../model/kubeconfig";
import type { SettingDeclarations } from "../../settings/declaration";
import type { ProviderSettings } from "../../settings/settings";
import type { ProviderSource } from "../provider";

export interface ExistingSettings extends ProviderSettings {
  name: "existing";
  /** The one context of the user's kubeconfig, as JSON. Secret. */
  kubeconfig: string;
  context: string;
  /** Absolute path of the user's kubeconfig. */
  path: string;
}

export const existingSettings = {
  kubeconfig: {
    type: "string",
    default: "",
    description:
      "Path of the kubeconfig of the existing cluster, from the root of the checkout; ~ is the home directory. Required for existing.",
  },
  kubeconfigContext: {
    type: "string",
    default: "",
    description: "Context of that kubeconfig. Required for existing: the current context of a shell is not an address.",
  },
} as const satisfies SettingDeclarations;

export function parseExisting(source: ProviderSource<keyof typeof existingSettings>): ExistingSettings | undefined {
  const { values, faults, root } = source;
  const given = values.text("kubeconfig");
  const context = values.text("kubeconfigContext");
  if (given === undefined) {
    faults.sentence({
      message: "the provider existing needs a kubeconfig",
      fix: "name it: pulumi config set kubeconfig <path>",
    });
  }
  if (context === undefined) {
    faults.sentence({
      message: "the provider existing needs a context of the kubeconfig",
      fix: "name it: pulumi config set kubeconfigContext <name>",
    });
  }
  if (given === undefined) return undefined;
  const path = absolute(given, root);
  const text = read(path);
  const contexts = text === undefined ? undefined : contextsOf(text);
  if (text === undefined || contexts === undefined) {
    faults.setting("kubeconfig", "setting-kubeconfig", {
      message: `kubeconfig names ${given}, ${text === undefined ? "which cannot be read" : "which is not a kubeconfig"}`,
      fix: "give the path of a kubeconfig, from the root of the checkout",
    });
    return undefined;
  }
  if (context === undefined) return undefined;
  if (!contexts.includes(context)) {
    faults.setting("kubeconfigContext", "setting-kubeconfig-context", {
      message: `${given} has no context "${context}"`,
      fix: offerNames(context, contexts),
    });
    return undefined;
  }
  try {
    const kubeconfig = extractContext(text, context, dirname(path), (file) => readFileSync(file));
    return { name: "existing", kubeconfig, context, path };
  } catch (error) {
    faults.setting("kubeconfig", "setting-kubeconfig", {
      message: `${given} names a file that cannot be read (${error instanceof Error ? error.message : String(error)})`,
      fix: "mend the path in the kubeconfig",
    });
    return undefined;
  }
}

function absolute(path: string, root: string): string {
  if (path === "~" || path.startsWith("~/")) return join(homedir(), path.slice(1));
  return isAbsolute(path) ? path : join(root, path);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
