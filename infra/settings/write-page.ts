/** Writes docs/reference/settings.md and the settings in Pulumi.yaml; tests say when this has to be run again. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sourceRoot } from "../../model/source-root";
import { settingsPage } from "./page";
import { pulumiYaml } from "./pulumi-yaml";

const project = join(sourceRoot, "Pulumi.yaml");

writeFileSync(join(sourceRoot, "docs", "reference", "settings.md"), settingsPage());
writeFileSync(project, pulumiYaml(readFileSync(project, "utf8")));
