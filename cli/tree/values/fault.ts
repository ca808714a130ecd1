import { isUtf8 } from "node:buffer";
import { isMap } from "yaml";
import { describeNode, YamlFile } from "../../../model/document";

/** Above this size, in bytes, Helm's own message is used: our parser would take many seconds. */
const maxParsed = 1024 * 1024;

/** Why a values file cannot be read, as `file:line: sentence`, from Helm's message about it. */
export function faultLine(file: string, content: Buffer | undefined, reason: string): string {
  if (content !== undefined && (!isUtf8(content) || content.includes(0)))
    return `${file}:1: this file is not UTF-8 text`;
  if (content !== undefined && content.length <= maxParsed) {
    const parsed = new YamlFile(file, content.toString());
    const [finding] = parsed.findings;
    if (finding !== undefined) return `${file}:${finding.line}: ${finding.message}`;
    if (parsed.root !== null && !isMap(parsed.root)) {
      return `${file}:${parsed.line(parsed.root)}: the file is ${describeNode(parsed.root)}, not a mapping`;
    }
  }
  if (/excessive aliasing|exceeded max depth/.test(reason)) {
    return `${file}:1: the file is nested too deeply, or its aliases repeat too much`;
  }
  const [, line = "1", said = reason] = /yaml: (?:line (\d+): )?(.*)$/.exec(reason) ?? [];
  return `${file}:${line}: not valid YAML: ${said}`;
}
