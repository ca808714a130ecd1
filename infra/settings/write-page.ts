/** Writes docs/reference/settings.md; a test says when this has to be run again. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { settingsPage } from "./page";

writeFileSync(join(__dirname, "..", "..", "docs", "reference", "settings.md"), settingsPage());
