import { createHash } from "node:crypto";

const first = 10000;
const count = 10000;

/**
 * The port on 127.0.0.1 where the Argo CD of a kind cluster answers: 10000 to 19999, the same for a name on every
 * machine. It lies below the ports that Linux gives to outgoing connections and beside those of embedded clusters.
 */
export function derivedPort(stack: string): number {
  return first + (createHash("sha256").update(stack).digest().readUInt32BE(0) % count);
}
