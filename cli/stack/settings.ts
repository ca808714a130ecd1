import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { usageError } from "../fail";
import { privateDirectory, project, workDirOf, type Home } from "./paths";

/** A stack's settings file, as Pulumi writes it. */
interface SettingsFile {
  secretsprovider?: string;
  encryptedkey?: string;
  encryptionsalt?: string;
  config?: Record<string, unknown>;
}

/** What stands for the value of an encrypted setting, which only Pulumi can read. */
export const hiddenValue = "[secret]";

/** The settings of one stack, from every place that may hold them. */
export interface StackSettings {
  /** Plain values by key without prefix, the later source winning: checked-in file, earlier runs, this command line. */
  config: Record<string, string>;
  /** What was given on this and earlier command lines. */
  overrides: Record<string, string>;
}

/**
 * Collects a stack's settings. What `--config` gave once stays until the stack is destroyed, as with `pulumi up -c`:
 * a later run without it must not rebuild the cluster.
 */
export function collectSettings(home: Home, stack: string, given: Readonly<Record<string, string>>): StackSettings {
  const kept = encryptedIn(home, stack).map((key) => [bare(key), hiddenValue]);
  const overrides = { ...readOverrides(home, stack), ...given };
  return { config: { ...plainConfig(home.root, stack), ...Object.fromEntries(kept), ...overrides }, overrides };
}

/** Writes the stack's work directory: Pulumi.yaml for the defaults it declares, and the settings. Returns its path. */
export function writeWorkDir(
  home: Home,
  stack: string,
  settings: StackSettings,
  secretKeys: readonly string[],
): string {
  const workDir = privateDirectory(workDirOf(home, stack));
  const plain = Object.fromEntries(Object.entries(settings.overrides).filter(([key]) => !secretKeys.includes(key)));
  writePrivate(join(workDir, "overrides.json"), JSON.stringify(plain));
  writePrivate(join(workDir, "Pulumi.yaml"), readFileSync(join(home.root, "Pulumi.yaml"), "utf8"));

  const checkedIn = readSettings(join(home.root, `Pulumi.${stack}.yaml`));
  const current = readSettings(settingsPath(home, stack));
  const encrypted = Object.fromEntries(encryptedIn(home, stack).map((key) => [key, current.config?.[key]]));
  const prefixed = Object.fromEntries(Object.entries(plain).map(([key, value]) => [`${project}:${key}`, value]));
  const { config, ...secrets } = {
    ...checkedIn,
    ...current,
    config: { ...checkedIn.config, ...encrypted, ...prefixed },
  };
  writePrivate(settingsPath(home, stack), stringify({ ...secrets, config }));
  return workDir;
}

/** Forgets everything that was kept about a stack. */
export function removeWorkDir(home: Home, stack: string): void {
  rmSync(workDirOf(home, stack), { recursive: true, force: true });
}

/** Reads `key=value` words of `--config`; a prefix `onebranch:` may be left out. */
export function parseConfigWords(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const equals = word.indexOf("=");
      if (equals < 1) throw usageError(`--config takes key=value, found "${word}"`);
      return [bare(word.slice(0, equals)), word.slice(equals + 1)];
    }),
  );
}

function settingsPath(home: Home, stack: string): string {
  return join(workDirOf(home, stack), `Pulumi.${stack}.yaml`);
}

function bare(key: string): string {
  return key.startsWith(`${project}:`) ? key.slice(project.length + 1) : key;
}

function plainConfig(root: string, stack: string): Record<string, string> {
  const { config = {} } = readSettings(join(root, `Pulumi.${stack}.yaml`));
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [bare(key), isEncrypted(value) ? hiddenValue : asText(value)]),
  );
}

/** Pulumi hands structured values to a program as JSON. */
function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isEncrypted(value: unknown): boolean {
  return typeof value === "object" && value !== null && "secure" in value;
}

function encryptedIn(home: Home, stack: string): string[] {
  const { config = {} } = readSettings(settingsPath(home, stack));
  return Object.keys(config).filter((key) => isEncrypted(config[key]));
}

function readSettings(file: string): SettingsFile {
  return existsSync(file) ? ((parse(readFileSync(file, "utf8")) as SettingsFile | null) ?? {}) : {};
}

function readOverrides(home: Home, stack: string): Record<string, string> {
  const file = join(workDirOf(home, stack), "overrides.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, string>) : {};
}

function writePrivate(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
}
