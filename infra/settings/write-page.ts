/** Writes docs/reference/settings.md and the settings in Pulumi.yaml; tests say when this has to be run again. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { settingsPage } from "./page";
import { pulumiYaml } from "./pulumi-yaml";

const root = join(__dirname, "..", "..");
const project = join(root, "Pulumi.yaml");

writeFileSync(join(root, "docs", "reference", "settings.md"), settingsPage());
writeFileSync(project, pulumiYaml(readFileSync(project, "utf8")));
