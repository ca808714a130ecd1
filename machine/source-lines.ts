import { existsSync, readFileSync } from "node:fs";
import { SourceMap, type SourceOrigin } from "node:module";
import { dirname, join } from "node:path";

/** A stack trace that names lines of the sources, also where the code runs from a bundle (bin/bundle.js). */
export function inSources(trace: string, bundle = __filename): string {
  const file = `${bundle}.map`;
  if (!existsSync(file)) return trace;
  const map = new SourceMap(JSON.parse(readFileSync(file, "utf8")) as ConstructorParameters<typeof SourceMap>[0]);
  return trace.replace(/([^\s()]+):(\d+):(\d+)/g, (place, path: string, line: string, column: string) => {
    if (path !== bundle) return place;
    const origin = map.findOrigin(Number(line), Number(column)) as Partial<SourceOrigin>;
    return origin.fileName === undefined
      ? place
      : `${join(dirname(bundle), origin.fileName)}:${origin.lineNumber}:${origin.columnNumber}`;
  });
}
