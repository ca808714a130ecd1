import type { Context } from "mocha";
import { rendererBinary } from "../../cli/tree/renderer/binary";

/** The renderer's path, for a `before`: the first test of a machine builds it. */
export async function buildRenderer(this: Context): Promise<string> {
  this.timeout(600_000);
  return rendererBinary({ env: process.env });
}
