import type { YamlFile } from "./document";
import type { Finding } from "./findings";
import type { RuleId } from "./rules";
import { isDnsLabel, labelRule, toDnsLabel } from "./names";
import type { Entry, TreeSource } from "./tree-source";

/** Finds the files of the model in a tree, and collects findings about what should not be there. */
export class TreeFiles {
  readonly findings: Finding[] = [];

  constructor(private readonly source: TreeSource) {}

  /** Entries of a directory, sorted by name; none when it is missing. What cannot be read becomes a finding. */
  list(directory: string): Entry[] {
    return this.source.list(directory).filter((entry) => this.isSound(entry));
  }

  /** The entry of that name in a directory, or undefined when it is missing or cannot be read. */
  entry(directory: string, name: string): Entry | undefined {
    const entry = this.source.find(`${directory}/${name}`);
    return entry && this.isSound(entry) ? entry : undefined;
  }

  /** A file that was found, as YAML. */
  yaml(path: string): YamlFile {
    return this.source.yaml(path)!;
  }

  /**
   * The YAML files of a directory whose names are DNS labels; other entries become findings.
   * @param beside the ending of other files that belong there
   */
  yamlFiles(directory: string, beside?: string): (Entry & { base: string })[] {
    return this.list(directory).flatMap((entry) => {
      if (beside !== undefined && entry.kind === "file" && entry.name.endsWith(beside)) return [];
      const base = entry.name.replace(/\.ya?ml$/, "");
      if (entry.kind === "directory" || base === entry.name) {
        const others = beside === undefined ? "" : ` and files *${beside}`;
        this.report(
          "unexpected-file",
          entry.path,
          `only YAML files${others} belong into ${directory}`,
          "move it elsewhere",
        );
        return [];
      }
      if (!this.hasLabel(entry, base, ".yaml")) return [];
      if (!entry.name.endsWith(".yaml")) {
        this.report("bad-name", entry.path, "nothing reads files that end in .yml", `rename it to ${base}.yaml`);
        return [];
      }
      return [{ ...entry, base }];
    });
  }

  /** Subdirectories whose names are DNS labels; other entries become findings. */
  directories(directory: string): Entry[] {
    return this.list(directory).filter((entry) => {
      if (entry.kind === "file") {
        this.report("unexpected-file", entry.path, `only directories belong into ${directory}`, "move it elsewhere");
        return false;
      }
      return this.hasLabel(entry, entry.name, "");
    });
  }

  /**
   * Whether the name of an entry is a DNS label; another one becomes a finding.
   * @param base the name without its ending
   */
  hasLabel({ path }: Pick<Entry, "path">, base: string, ending: string): boolean {
    if (isDnsLabel(base)) return true;
    const near = toDnsLabel(base);
    const fix = near === undefined ? `rename it: ${labelRule}` : `rename it to ${near}${ending}`;
    this.report("bad-name", path, `"${base}" is not a DNS label`, fix);
    return false;
  }

  /** Whether a finding already says what is wrong with a file; then it must not be reported as missing too. */
  blames(path: string): boolean {
    return this.findings.some(({ file }) => file === path);
  }

  /** Adds an error about a file as a whole. */
  report(rule: RuleId, file: string, message: string, fix: string): void {
    this.findings.push({ rule, severity: "error", file, line: 1, message, fix });
  }

  private isSound(entry: Entry): boolean {
    if (entry.kind === "fault" && !this.blames(entry.path)) this.findings.push(entry.fault);
    return entry.kind !== "fault";
  }
}
