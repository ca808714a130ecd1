import { settingOfSecret } from "../../model/stage-secrets";
import { allProviders } from "../providers";
import { declarationOf, settingNames } from "./declarations";

/** Those that keep the secrets of a stack in its cluster. */
const holders = allProviders.filter(({ secretsElsewhere }) => !secretsElsewhere).map(({ name }) => name);

const secretSetting =
  "A secret for the applications, under a key of lowercase letters, digits and dashes; any number of them. Set it with `pulumi config set --secret`, or by `--config-file`. [Secrets](../secrets.md) says how an application gets it. Default: none.";

/** The page docs/reference/settings.md: every setting of a stack, made from their declarations. */
export function settingsPage(): string {
  const rows = settingNames.map((name) => {
    const declaration = declarationOf(name);
    const providers = declaration.providers?.join(", ") ?? "all";
    const secret = declaration.secret ? ", secret" : "";
    return `| \`${name}\` | ${declaration.type}${secret} | ${providers} | ${declaration.description.replaceAll("|", "\\|")} |`;
  });
  return [
    "# Settings of a stack",
    "",
    "Made by `make docs` from `infra/settings` and `infra/providers`; do not edit. A setting stands in `Pulumi.<stack>.yaml` as `onebranch:<name>`, or is given by",
    "`onebranch up --config <name>=<value>` or `pulumi config set <name> <value>`. A key that is not here, a value of the wrong type and a",
    "setting of another provider are refused before anything is made, all at once, with file and line.",
    "",
    "| setting | type | providers | meaning |",
    "| --- | --- | --- | --- |",
    ...rows,
    `| \`${settingOfSecret("<key>")}\` | string, secret | ${holders.join(", ")} | ${secretSetting} |`,
    "",
  ].join("\n");
}
