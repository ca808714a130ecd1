import type { ProviderName } from "../../model/providers";

/** One stack setting: `onebranch:<name>` in Pulumi.<stack>.yaml. */
export interface SettingDeclaration {
  type: "string" | "integer" | "array";
  /** The value that means "not set" (empty), or the value that is used then. Pulumi requires a key that is declared without one. */
  default: string | number | readonly string[];
  /** Meaning, unit, default and allowed values: the words of Pulumi.yaml and of the reference page. */
  description: string;
  /** Bounds of an integer, both allowed. */
  least?: number;
  most?: number;
  /** A value that must never stand in a file in plain text. */
  secret?: boolean;
  /** Providers that the setting means something for; absent = all. */
  providers?: readonly ProviderName[];
}

/** Settings by name, without the project's prefix. */
export type SettingDeclarations = Readonly<Record<string, SettingDeclaration>>;
