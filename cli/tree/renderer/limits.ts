import { totalmem } from "node:os";
import { usageError } from "../../terminal/fail";

/** What one run of the renderer may take before it is stopped. */
export interface Limits {
  /** Bytes of memory. */
  memory: number;
  /** Seconds for each render. */
  renderSeconds: number;
}

const defaultSeconds = 10;
const defaultMemory = 4 * 2 ** 30;

/**
 * The limits that the environment sets. The defaults are far above what a working chart needs, but at most half of the
 * machine's memory.
 * @throws UserError when a variable is not a whole number above zero
 */
export function readLimits(env: Readonly<Record<string, string | undefined>>): Limits {
  const machine = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  const megabytes = whole(env, "ONEBRANCH_MEMORY_MIB", "MiB");
  return {
    memory: megabytes === undefined ? Math.min(defaultMemory, Math.floor(machine / 2)) : megabytes * 2 ** 20,
    renderSeconds: whole(env, "ONEBRANCH_RENDER_SECONDS", "seconds") ?? defaultSeconds,
  };
}

function whole(env: Readonly<Record<string, string | undefined>>, name: string, unit: string): number | undefined {
  const text = env[name];
  if (text === undefined || text === "") return undefined;
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw usageError(`${name} is "${text}"; give a whole number of ${unit} from 1 to 9999999, or leave it out`);
}
