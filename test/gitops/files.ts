import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lackingCapabilities } from "../../model/capabilities";
import type { Identity } from "../../model/identity";
import { effectiveCapabilities, type ProviderName } from "../../model/providers";
import { parsePin, type Pin } from "../../model/pin";
import { Directory } from "../../model/directory";
import { readClusters } from "../../model/tree";
import { useTree } from "../support/fixtures";

/** One component as it is pinned in one stage. */
export interface Pinned {
  /** "addons" or "apps". */
  group: string;
  stage: string;
  pin: Pin;
}

/** The tests' tree in a directory of its own, for the tests of one `describe`. */
export class PinnedTree {
  readonly root = useTree();
  readonly clusters = readClusters(new Directory(this.root)).clusters;

  /** What a cluster gets when it runs on a provider. */
  pinsOf(identity: Identity, provider: ProviderName): Pinned[] {
    const capabilities = effectiveCapabilities(identity, provider);
    return this.pins().filter(({ stage, pin }) => stage === identity.stage && lackingCapabilities(pin.requires, capabilities).length === 0);
  }

  /** The value files of a component of our own charts in one cluster, in layer order, as far as they exist. */
  layers(identity: Identity, { group, pin }: Pinned): string[] {
    const component = `gitops/${group}/${pin.component}`;
    const cluster = `gitops/clusters/${identity.name}`;
    return [
      `${component}/values.yaml`,
      `${component}/stages/${identity.stage}/pin.yaml`,
      `${component}/stages/${identity.stage}/values.yaml`,
      `${component}/regions/${identity.region}.yaml`,
      `${cluster}/values/${pin.component}.yaml`,
      `${cluster}/pins/${pin.component}.yaml`,
    ].filter((file) => existsSync(join(this.root, file)));
  }

  private pins(): Pinned[] {
    return ["addons", "apps"].flatMap((group) =>
      this.names(`gitops/${group}`).flatMap((component) =>
        this.names(`gitops/${group}/${component}/stages`).flatMap((stage) => {
          const path = `gitops/${group}/${component}/stages/${stage}/pin.yaml`;
          if (!existsSync(join(this.root, path))) return [];
          const { value, findings } = parsePin(path, readFileSync(join(this.root, path), "utf8"));
          if (!value) throw new Error(`${path}: ${findings.map(({ message }) => message).join(", ")}`);
          return [{ group, stage, pin: value }];
        }),
      ),
    );
  }

  private names(directory: string): string[] {
    return existsSync(join(this.root, directory)) ? readdirSync(join(this.root, directory)).sort() : [];
  }
}
