import { codeOwners, hasOwnerLines, ownerLines, platformOwners, withOwnerLines } from "../../../tree/owners";
import { bootstrapValues } from "../../../../model/teams";
import type { Rule } from "../rule";
import { pinsOf } from "../source/inventory";

export const staleOwners: Rule = {
  id: "stale-owners",
  check({ files, inventory, tree }, report) {
    const { path, text } = codeOwners((place) => files.outside(place));
    if (!hasOwnerLines(text)) return;
    const components = [...inventory.components.values(), ...inventory.twins].filter(({ group }) => group === "apps");
    const apps = components.map(
      (app) => [app.name, new Set(pinsOf(app).flatMap(({ pin }) => pin?.team ?? []))] as const,
    );
    const platform = files.has(bootstrapValues) ? platformOwners(files) : [];
    const lines = ownerLines({ platform, tree, apps: new Map(apps) });
    const wanted = withOwnerLines(text, lines);
    if (wanted === text) return;
    const [now, then] = [text!.split("\n"), wanted.split("\n")];
    const line = then.findIndex((one, index) => one !== now[index]) + 1;
    const say = now[line - 1] === undefined ? "it ends" : `it has "${now[line - 1]}"`;
    const message = `${say} where the files say "${then[line - 1] ?? ""}"`;
    report.finding({ file: path, line: Math.min(line, now.length) }, message, "run `onebranch owners --write`");
  },
};
