import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { settingsPage } from "../../../infra/settings/page";
import { docs } from "../../support/paths";

describe("docs/reference/settings.md", () => {
  it("is what `make docs` writes", () => {
    const page = readFileSync(join(docs, "reference", "settings.md"), "utf8");
    assert.equal(page, settingsPage());
  });
});
