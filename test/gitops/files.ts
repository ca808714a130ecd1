import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Identity } from "../../model/identity";
import type { ProviderName } from "../../model/providers";
import { effectiveCapabilities } from "../../model/capabilities";
import { parsePin, type Pin } from "../../model/pin";
import { readClusters } from "../../model/tree";
import { root } from "./helm";

/** One component as it is pinned in one stage of the real tree. */
export interface Pinned {
  /** "addons" or "apps". */
  group: string;
  stage: string;
  pin: Pin;
  path: string;
}

export const tree = readClusters(root);

/** Names in a directory of the tree; none when it is missing. */
export function names(directory: string): string[] {
  return existsSync(join(root, directory)) ? readdirSync(join(root, directory)).sort() : [];
}

export function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

export function readYaml<T>(path: string): T {
  return parse(read(path)) as T;
}

export interface BootstrapValues {
  platform: { namespaces: string[]; chartRepositories: string[] };
  teams: Record<string, { namespaces: string[] }>;
}

export const bootstrapValues = readYaml<BootstrapValues>("gitops/bootstrap/values.yaml");

/** Every pin.yaml of the tree. */
export function pins(): Pinned[] {
  return ["addons", "apps"].flatMap((group) =>
    names(`gitops/${group}`).flatMap((component) =>
      names(`gitops/${group}/${component}/stages`).flatMap((stage) => {
        const path = `gitops/${group}/${component}/stages/${stage}/pin.yaml`;
        if (!existsSync(join(root, path))) return [];
        const { value, findings } = parsePin(path, read(path));
        if (!value) throw new Error(`${path}: ${findings.map(({ message }) => message).join(", ")}`);
        return [{ group, stage, pin: value, path }];
      }),
    ),
  );
}

/** What a cluster gets when it runs on a provider. */
export function pinsOf(identity: Identity, provider: ProviderName): Pinned[] {
  const capabilities = effectiveCapabilities(identity, provider);
  return pins().filter(({ stage, pin }) => stage === identity.stage && capabilities.includes(pin.requires));
}

/** The value files of a component of our own charts in one cluster, in layer order, as far as they exist. */
export function layers(identity: Identity, { group, pin }: Pinned): string[] {
  const component = `gitops/${group}/${pin.component}`;
  const cluster = `gitops/clusters/${identity.name}`;
  return [
    `${component}/values.yaml`,
    `${component}/stages/${identity.stage}/pin.yaml`,
    `${component}/stages/${identity.stage}/values.yaml`,
    `${component}/regions/${identity.region}.yaml`,
    `${cluster}/values/${pin.component}.yaml`,
    `${cluster}/pins/${pin.component}.yaml`,
  ].filter((file) => existsSync(join(root, file)));
}
