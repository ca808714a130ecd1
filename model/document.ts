import {
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
} from "yaml";
import type { RuleId } from "./rules";
import type { Finding } from "./findings";

/** How many syntax faults of one file are reported at most. Later ones only follow from the first few. */
const maxProblems = 5;

/** What is wrong with a text as YAML. */
type Problem = Pick<Finding, "rule" | "line" | "message" | "fix">;

/** A YAML text that is parsed once and remembers the line of each value. Files with the same text can share it. */
export class ParsedYaml {
  /** Null when the text is empty, or is not valid YAML; then a problem says why. */
  readonly root: Node | null;
  readonly problems: Problem[] = [];
  private readonly lines = new LineCounter();
  private readonly document: Document.Parsed;
  private readonly aliases = new Map<Node, Node | null>();

  constructor(text: string) {
    if (nestsTooDeeply(text)) {
      this.report("yaml-syntax", 1, "the file nests too deeply to be read", "write it flat");
      text = "";
    }
    // Pretty errors repeat the position and quote the source; a finding is one line.
    this.document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false, uniqueKeys: false });
    for (const problem of [...this.document.errors, ...this.document.warnings].slice(0, maxProblems)) {
      const line = this.lines.linePos(problem.pos[0]).line;
      if (problem.code === "MULTIPLE_DOCS") {
        this.report("yaml-syntax", line, "a second document starts here", "keep one document in a file");
      } else {
        this.report("yaml-syntax", line, `not valid YAML: ${oneLine(problem.message)}`, "correct the syntax");
      }
    }
    this.checkKeys(text);
    this.root = this.problems.length === 0 ? this.document.contents : null;
  }

  /** Replaces the parser's own check, which compares every key with every other one. */
  private checkKeys(text: string): void {
    visit(this.document, {
      Map: (_, { items }) => {
        const keys = new Set<unknown>();
        for (const { key } of items) {
          if (!isScalar(key) || !key.range) continue;
          if (keys.has(key.value) && this.problems.length < maxProblems) {
            const name = /^[^:\s]*/.exec(text.slice(key.range[0], key.range[1]))?.[0] ?? "";
            this.report("duplicate-key", this.line(key), `key "${name}" is twice in its mapping`, "keep it once");
          }
          keys.add(key.value);
        }
      },
    });
  }

  /** The line that a node starts at; 1 for a missing node. */
  line(node: Node | null | undefined): number {
    return node?.range ? this.lines.linePos(node.range[0]).line : 1;
  }

  /** The node behind an alias; the node itself otherwise. */
  resolve(node: Node | null | undefined): Node | null {
    if (!node) return null;
    if (!isAlias(node)) return node;
    // Looking an alias up walks the whole document.
    let target = this.aliases.get(node);
    if (target === undefined) this.aliases.set(node, (target = node.resolve(this.document) ?? null));
    return target;
  }

  private report(rule: RuleId, line: number, message: string, fix: string): void {
    this.problems.push({ rule, line, message, fix });
  }
}

/** One YAML file, which collects what is wrong with it. */
export class YamlFile {
  readonly findings: Finding[];
  /** Null when the file is empty, or is not valid YAML; then a finding says why. */
  readonly root: Node | null;
  private readonly parsed: ParsedYaml;

  /**
   * @param file path relative to the root of the tree, for findings
   * @param faults what is wrong with it already
   */
  constructor(
    readonly file: string,
    content: string | ParsedYaml,
    faults: readonly Finding[] = [],
  ) {
    this.parsed = typeof content === "string" ? new ParsedYaml(content) : content;
    this.root = this.parsed.root;
    const problems = this.parsed.problems.map((problem): Finding => ({ ...problem, severity: "error", file }));
    this.findings = [...faults, ...problems];
  }

  line(node: Node | null | undefined): number {
    return this.parsed.line(node);
  }

  resolve(node: Node | null | undefined): Node | null {
    return this.parsed.resolve(node);
  }

  /** The node of a top-level key's value, or null when there is no such key. */
  valueOf(key: string): Node | null {
    if (!isMap(this.root)) return null;
    const pair = this.root.items.find((item) => isScalar(item.key) && item.key.value === key);
    return this.resolve(pair?.value as Node | undefined);
  }

  /** The node of an entry of a list that is the whole file. */
  item(index: number): Node | null {
    return isSeq(this.root) ? this.resolve(this.root.items[index] as Node | undefined) : null;
  }

  /** Adds an error at a node or a line. */
  report(rule: RuleId, at: Node | null | undefined | number, message: string, fix: string): void {
    const line = typeof at === "number" ? at : this.line(at);
    this.findings.push({ rule, severity: "error", file: this.file, line, message, fix });
  }
}

/** What a node is, for a message about an unexpected value; part of a sentence. */
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
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= 200 ? line : `${line.slice(0, 197)}...`;
}

/** Deepest nesting that is parsed. */
const maxNesting = 300;

/**
 * Whether a text may nest deeper than the parser can follow. The parser calls itself for each level, and running out of stack
 * can end the whole process. Brackets inside texts are counted too; this does no harm, because they are closed again.
 */
function nestsTooDeeply(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === openList || character === openMapping) depth++;
    else if ((character === closeList || character === closeMapping) && depth > 0) depth--;
    if (depth > maxNesting) return true;
  }
  return indicators.test(text) || indentation.test(text);
}

const [openList, closeList, openMapping, closeMapping] = [0x5b, 0x5d, 0x7b, 0x7d];
/** Lists in lists on one line (`- - -`), and lines with an indentation that no real file has. */
const indicators = new RegExp(`(?:[-?:][ \\t]+){${maxNesting}}`);
const indentation = new RegExp(`^ {${2 * maxNesting}}`, "m");
