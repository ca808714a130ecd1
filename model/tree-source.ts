import { isUtf8 } from "node:buffer";
import { posix } from "node:path";
import { ParsedYaml, YamlFile } from "./document";
import type { RuleId } from "./rules";
import { compareText, type Finding } from "./findings";
import { linkInTree, type Special } from "./special";

/** Largest file that is read, in bytes. Kubernetes stores no object above 1.5 MiB, and values files are far smaller. */
export const maxFileSize = 1024 * 1024;

/** One file or directory of the tree, or the reason why what is there cannot be read. */
export type Entry = {
  name: string;
  /** Path relative to the root of the tree, with forward slashes. */
  path: string;
} & ({ kind: "file" | "directory" } | { kind: "fault"; fault: Finding });

/** What is at a path. Nothing is below a link: Argo CD gets it as a file with the text of its target. */
export type Found =
  | { kind: "file"; size: number }
  | { kind: "directory" }
  | { kind: "link"; target: string }
  /** Such as a pipe. */
  | { kind: "other" };

/** What to do where there is no tree. */
export const findTree = "run this in a checkout of onebranch, or name one with --tree";

/**
 * One version of the tree. Symbolic links are not followed. Each file is read once and each text is parsed once; all callers get
 * the same result.
 */
export abstract class TreeSource {
  private readonly known = new Map<string, Entry | undefined>();
  private readonly texts = new Map<string, string>();

  /**
   * @param root where the tree is, for messages
   * @param documents what is parsed already, by its text; trees that have files in common share it
   */
  constructor(
    readonly root: string,
    private readonly documents = new Map<string, ParsedYaml>(),
  ) {}

  /** The links and submodules of the whole repository, also outside of gitops/. */
  abstract special(): readonly Special[];

  /** What is at a path; undefined when there is nothing. */
  protected abstract look(path: string): Found | undefined;

  /** The names in a directory. */
  protected abstract namesIn(directory: string): readonly string[];

  /** The content of a file. */
  protected abstract contentOf(path: string): Buffer;

  /** Entries of a directory, sorted by name and without hidden ones; none when it is missing. */
  list(directory: string): Entry[] {
    if (this.at(directory)?.kind !== "directory") return [];
    return this.namesIn(directory)
      .filter((name) => !name.startsWith("."))
      .sort(compareText)
      .flatMap((name) => this.find(`${directory}/${name}`) ?? []);
  }

  /** All files below a directory, and everything there that cannot be read. */
  below(directory: string): Entry[] {
    return this.list(directory).flatMap((entry) => (entry.kind === "directory" ? this.below(entry.path) : [entry]));
  }

  /** What is at a path; undefined when there is nothing. */
  find(path: string): Entry | undefined {
    if (!this.known.has(path)) this.known.set(path, this.entryAt(path));
    return this.known.get(path);
  }

  /** The text of a file; undefined when it is missing or cannot be read. */
  text(path: string): string | undefined {
    return this.find(path)?.kind === "file" ? this.texts.get(path) : undefined;
  }

  /**
   * A file as YAML; undefined when there is none. A file that cannot be read has the finding that says why. Each caller gets its
   * own list of findings: what it reports is not seen by others.
   */
  yaml(path: string): YamlFile | undefined {
    const entry = this.find(path);
    if (entry?.kind === "fault") return new YamlFile(path, "", [entry.fault]);
    if (entry?.kind !== "file") return undefined;
    const text = this.text(path)!;
    const document = this.documents.get(text) ?? new ParsedYaml(text);
    this.documents.set(text, document);
    return new YamlFile(path, document);
  }

  /** A path that climbs with `..` is never meant. */
  private at(path: string): Found | undefined {
    return posix.isAbsolute(path) || path.split("/").includes("..") ? undefined : this.look(path);
  }

  private entryAt(path: string): Entry | undefined {
    const name = posix.basename(path);
    const fault = (rule: RuleId, message: string, fix: string): Entry => {
      return { name, path, kind: "fault", fault: { rule, severity: "error", file: path, line: 1, message, fix } };
    };
    const found = this.at(path);
    if (found === undefined) return undefined;
    if (found.kind === "link") return { name, path, kind: "fault", fault: linkInTree(path, found.target) };
    // Reading a pipe would wait until another process writes into it.
    if (found.kind === "other") return fault("unreadable-file", "this is neither a file nor a directory", "remove it");
    if (found.kind === "file" && found.size > maxFileSize) {
      const fix = "keep the tree to what people write; large data belongs into an artifact";
      return fault("unreadable-file", `this file is larger than ${maxFileSize / 1024 / 1024} MiB`, fix);
    }
    try {
      if (found.kind === "directory") {
        this.namesIn(path);
        return { name, path, kind: "directory" };
      }
      if (!this.texts.has(path)) {
        const content = this.contentOf(path);
        if (isText.test(path) && (!isUtf8(content) || content.includes(0))) {
          return fault("unreadable-file", "this file is not UTF-8 text", "save it as UTF-8, or remove it");
        }
        this.texts.set(path, content.toString());
      }
      return { name, path, kind: "file" };
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? String(error);
      return fault(
        "unreadable-file",
        `this ${found.kind} cannot be read (${code})`,
        "mend its permissions, or remove it",
      );
    }
  }
}

/** Files that must be text. */
const isText = /\.(ya?ml|json|tpl|txt|rbac\.csv)$/;
