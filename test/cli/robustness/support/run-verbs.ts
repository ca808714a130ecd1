/**
 * A process that runs command lines of the tool: a request of JSON on each line of its input, what was said on a line of its
 * output.
 */
import { createInterface } from "node:readline";
import { run } from "../../../../cli/main";
import { processIo } from "../../../../cli/terminal/io";
import type { Request, Said } from "./hostile-tree";

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
  for await (const line of createInterface({ input: process.stdin })) {
    const [readers, writers] = JSON.parse(line) as Request;
    const said = await Promise.all(readers.map(say));
    for (const words of writers) said.push(await say(words));
    process.stdout.write(`${JSON.stringify(said)}\n`);
  }
}

void main();
