import type { Context, Input } from "../../command";
import { usageError, unknownName } from "../../terminal/fail";
import { candidates } from "./candidates";
import { scripts } from "./scripts";

/**
 * Prints the completion of a shell, or, as `completion words -- <words>`, the completions of the last word: one
 * per line, or exit code 1 where the shell should complete file names.
 */
export async function complete(input: Input, { io, commands }: Context): Promise<number> {
  const [shell, ...words] = input.operands as [string, ...string[]];
  if (shell === "words") {
    const names = candidates({ words, cwd: io.cwd, commands });
    if (input.flag("json")) io.out(`${JSON.stringify(names ?? null)}\n`);
    else io.out((names ?? []).map((name) => `${name}\n`).join(""));
    return names === undefined ? 1 : 0;
  }
  if (!Object.hasOwn(scripts, shell)) throw unknownName("completion for the shell", shell, Object.keys(scripts));
  if (words.length > 0) throw usageError(`onebranch completion takes no "${words[0]}" after ${shell}`);
  io.out(input.flag("json") ? `${JSON.stringify({ shell, script: scripts[shell] })}\n` : scripts[shell]!);
  return 0;
}
