/** The trees of the rules of `check`: the common tree with one case laid over it. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkFixture, layCheckTree, type OracleTree, write } from "./trees";
import { fixtures } from "../../support/paths";

const rules = join(fixtures, "check", "rules");

/** Every case, the invalid ones too: what a rule warns of is there because Argo CD takes it. */
export const cases: OracleTree[] = readdirSync(rules).flatMap((rule) =>
  readdirSync(join(rules, rule)).map((name) => ({
    title: `${checkFixture.title.replace("tree", "rules")}/${rule}/${name}`,
    make: (root: string) => write(root, (at) => lay(at, join(rules, rule, name))),
  })),
);

function lay(root: string, directory: string): void {
  const read = (file: string) => (existsSync(join(directory, file)) ? readFileSync(join(directory, file), "utf8") : "");
  layCheckTree(root, join(directory, "gitops"));
  for (const path of read("removed.txt").trim().split("\n").filter(Boolean)) rmSync(join(root, path));
  const edits = JSON.parse(read("edits.json") || "[]") as { file: string; from: string; to: string }[];
  for (const { file, from, to } of edits) {
    writeFileSync(join(root, file), readFileSync(join(root, file), "utf8").replaceAll(from, to));
  }
}
