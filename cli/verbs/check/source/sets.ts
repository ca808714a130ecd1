import type { At } from "../at";
import { lineOfText, type SourceFiles } from "./files";

const templates = "gitops/bootstrap/templates/";

/** Where an ApplicationSet of the tree is written; bootstrap as a whole when its name is not written out. */
export function setAt(files: SourceFiles, set: string): At {
  const named = new RegExp(`^ {2}name:\\s*["']?${set.replace(/[^\w-]/g, "\\$&")}["']?\\s*$`);
  for (const file of files.paths.filter((path) => path.startsWith(templates))) {
    const text = files.text(file);
    if (!/^kind:\s*ApplicationSet\s*$/m.test(text)) continue;
    const index = text.split("\n").findIndex((line) => named.test(line));
    if (index >= 0) return { file, line: index + 1 };
  }
  return { file: "gitops/bootstrap/Chart.yaml" };
}

/** The first line of bootstrap's templates that contains a text. */
export function templateLine(files: SourceFiles, text: string): At | undefined {
  const holds = (path: string) => path.startsWith(templates) && files.text(path).includes(text);
  const file = files.paths.find(holds);
  return file === undefined ? undefined : lineOfText(files, { file }, text);
}
