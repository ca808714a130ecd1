import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { commands } from "../../../../cli/commands";
import { cliReference } from "../../../../cli/verbs/completion/reference";
import { docs } from "../../../support/paths";

describe("docs/reference/cli.md", () => {
  it("is what the commands say; run `make docs` when not", async () => {
    const page = readFileSync(join(docs, "reference", "cli.md"), "utf8");
    assert.equal(page, await format(cliReference(commands), { parser: "markdown", printWidth: 120 }));
  });
});
