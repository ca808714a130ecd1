/** Writes docs/reference/rules.md; a test fails when this has to be run again. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { sourceRoot } from "../../../model/source-root";
import { rulesPage } from "./docs";
import { rules } from "./rules";

writeFileSync(join(sourceRoot, "docs", "reference", "rules.md"), rulesPage(rules));
