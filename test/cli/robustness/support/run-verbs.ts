/** A process that runs command lines of the tool (JSON on standard input) and writes what each of them said. */
import { readFileSync } from "node:fs";
import { run } from "../../../../cli/main";
import { processIo } from "../../../../cli/io";
import type { Said } from "./hostile-tree";

async function say(words: readonly string[]): Promise<Said> {
  const said: Said = { verb: words.join(" "), code: -1, out: "", err: "" };
  const io = {
    ...processIo(),
    out: (text: string) => void (said.out += text),
    err: (text: string) => void (said.err += text),
  };
  said.code = await run(words, io);
  return said;
}

async function main(): Promise<void> {
  const [readers, writers] = JSON.parse(readFileSync(0, "utf8")) as [string[][], string[][]];
  const said = await Promise.all(readers.map(say));
  for (const words of writers) said.push(await say(words));
  process.stdout.write(JSON.stringify(said));
}

void main();
