import { parse } from "yaml";
import { helmYaml, readYaml11 } from "../../../model/yaml-1.1";
import { usageError } from "../../terminal/fail";
import { withValue } from "../../tree/yaml-edit";

/** Reads `--set a.b=1` into a path and a value; values are read as Helm reads YAML. */
export function parseSettings(words: readonly string[]): { path: string[]; value: unknown }[] {
  return words.map((word) => {
    const [, key = "", value = ""] = /^([^=]*)=(.*)$/s.exec(word) ?? [];
    const path = key.split(".");
    if (key === "" || path.includes("")) throw usageError(`--set takes KEY=VALUE, found "${word}"`);
    try {
      return { path, value: readYaml11(value.trim()) ?? (parse(value, helmYaml) as unknown) };
    } catch {
      throw usageError(`the value of --set ${key} is not YAML: "${value}"`);
    }
  });
}

/** Settings as one values file. */
export function settingsText(settings: readonly { path: string[]; value: unknown }[]): string {
  return settings.reduce((text, { path, value }) => withValue("--set", text, path, value), "");
}
