/** Writes docs/reference/cli.md; a test fails when this has to be run again. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { format } from "prettier";
import { sourceRoot } from "../../../model/source-root";
import { commands } from "../../commands";
import { cliReference } from "./reference";

const path = join(sourceRoot, "docs", "reference", "cli.md");

async function main(): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, await format(cliReference(commands), { parser: "markdown", printWidth: 120 }));
}

void main();
