import { isMap, isScalar, parseDocument, Scalar, type Pair } from "yaml";
import type { SettingDeclaration } from "./declaration";
import { declarationOf, settingNames } from "./declarations";

/** The longest line; longer descriptions go on in the next one. */
const width = 118;

/**
 * The text of Pulumi.yaml with today's settings under `config`. Everything else in it, also the keys of other namespaces there,
 * stays as it was, comments included.
 */
export function pulumiYaml(text: string): string {
  const document = parseDocument(text);
  const config: unknown = document.get("config");
  if (!isMap(config)) throw new Error("Pulumi.yaml has no mapping `config`");
  config.items = config.items.filter(isForeign);
  for (const name of settingNames) config.set(name, document.createNode(declared(declarationOf(name))));
  return document.toString({ lineWidth: width, flowCollectionPadding: false });
}

/** A key with a namespace does not belong to this project. */
function isForeign({ key }: Pair): boolean {
  return isScalar(key) && String(key.value).includes(":");
}

function declared({ type, description, default: standard }: SettingDeclaration): Record<string, unknown> {
  const folded = new Scalar(description);
  folded.type = Scalar.BLOCK_FOLDED;
  return { type, ...(type === "array" ? { items: { type: "string" } } : {}), description: folded, default: standard };
}
