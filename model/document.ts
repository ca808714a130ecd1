import {
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
} from "yaml";
import type { Finding } from "./findings";

/** One parsed YAML file that still knows where each value stands, and collects what is wrong with it. */
export class YamlFile {
  readonly findings: Finding[] = [];
  readonly root: Node | null;
  private readonly lines = new LineCounter();
  private readonly document: Document.Parsed;

  /** @param file path relative to the root of the tree, for findings */
  constructor(
    readonly file: string,
    text: string,
  ) {
    // Pretty errors repeat the position and quote the source; a finding is one line.
    this.document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false });
    for (const problem of [...this.document.errors, ...this.document.warnings]) {
      const line = this.lines.linePos(problem.pos[0]).line;
      if (problem.code === "MULTIPLE_DOCS") {
        this.report("yaml-syntax", line, "a second document starts here", "keep one document in a file");
      } else if (problem.code === "DUPLICATE_KEY") {
        this.report("duplicate-key", line, "this key stands twice in its mapping", "keep one of them");
      } else {
        this.report("yaml-syntax", line, `no valid YAML: ${oneLine(problem.message)}`, "correct the syntax");
      }
    }
    this.root = this.findings.length === 0 ? this.document.contents : null;
  }

  /** Whether the file could be parsed at all; when not, `root` is null and a finding says why. */
  get broken(): boolean {
    return this.root === null && this.findings.length > 0;
  }

  /** The line a node starts at; the first one for a node that is not there. */
  line(node: Node | null | undefined): number {
    return node?.range ? this.lines.linePos(node.range[0]).line : 1;
  }

  /** The node behind an alias; the node itself otherwise. */
  resolve(node: Node | null | undefined): Node | null {
    if (!node) return null;
    return isAlias(node) ? (node.resolve(this.document) ?? null) : node;
  }

  /** Adds an error at a node or a line. */
  report(rule: string, at: Node | null | undefined | number, message: string, fix: string): void {
    const line = typeof at === "number" ? at : this.line(at);
    this.findings.push({ rule, severity: "error", file: this.file, line, message, fix });
  }
}

/** What stands there instead of what was expected, as part of a sentence. */
export function describeNode(node: Node | null): string {
  if (isMap(node)) return "a mapping";
  if (isSeq(node)) return "a list";
  if (isCollection(node)) return "a collection";
  if (!isScalar(node) || node.value === null) return "empty";
  const { value } = node;
  if (typeof value === "string") return `"${value}"`;
  if (typeof value === "number" || typeof value === "bigint") return `the number ${node.source ?? String(value)}`;
  return String(value);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
