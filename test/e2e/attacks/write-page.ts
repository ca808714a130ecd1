/** Writes docs/reference/attacks.md; a test fails when this has to be run again. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { docs } from "../../support/paths";
import { attacksPage } from "./page";

writeFileSync(join(docs, "reference", "attacks.md"), attacksPage());
