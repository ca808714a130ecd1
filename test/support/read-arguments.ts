import { parseArguments } from "../../cli/args";
import { commands } from "../../cli/commands";

/** Reads the arguments of a verb as the tool does, and does nothing else. */
const [verb = "", ...words] = process.argv.slice(2);
try {
  parseArguments(verb, commands[verb]!(), words);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
