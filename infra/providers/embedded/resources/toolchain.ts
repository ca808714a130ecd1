import { UserError } from "../../../../model/errors";
import { findToolchain, type Part, type Toolchain } from "../toolchain";

/** The programs a resource needs. Building them takes minutes and is never done in the middle of an update. */
export async function requireToolchain(parts: readonly Part[]): Promise<Toolchain> {
  const toolchain = await findToolchain({ parts });
  if (toolchain) return toolchain;
  throw new UserError("the programs of embedded clusters are not built; run `make toolchain`");
}
