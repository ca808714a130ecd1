import { UserError } from "../../../../model/errors";
import { findToolchain, type Part, type Toolchain } from "../toolchain";

/** The programs a resource needs. Building them takes minutes and is never done in the middle of an update. */
export async function requireToolchain(parts: readonly Part[]): Promise<Toolchain> {
  const toolchain = await findToolchain({ parts });
  if (toolchain) return toolchain;
  throw new UserError("the programs of embedded clusters are not built; run `make toolchain`");
}

/** Refuses a Kubernetes version that the toolchain does not build. @param wanted `1.36` */
export function checkKubernetesVersion(wanted: string, built: string): void {
  const minor = built.split(".").slice(0, 2).join(".");
  if (wanted === minor || wanted === built) return;
  throw new UserError(
    `an embedded cluster runs Kubernetes ${minor}, and kubernetesVersion of cluster.yaml is ${wanted}; ` +
      `write "${minor}" there, or choose another provider`,
  );
}
