import { isUtf8 } from "node:buffer";
import { posix } from "node:path";
import { ParsedYaml, YamlFile } from "./document";
import type { RuleId } from "./rules";
import { compareText, type Finding } from "./findings";
import { leavesRepository, type Special } from "./special";

/** Largest file that is read, in bytes. Kubernetes stores no object above 1.5 MiB, and values files are far smaller. */
export const maxFileSize = 1024 * 1024;

/** One file or directory of the tree, or the reason why what is there cannot be read. */
export type Entry = {
  name: string;
  /** Path relative to the root of the tree, with forward slashes. */
  path: string;
} & ({ kind: "file" | "directory" } | { kind: "fault"; fault: Finding });

/** What is at a path that has no link among its parts except perhaps the last. */
export type Found =
  | { kind: "file"; size: number }
  | { kind: "directory" }
  | { kind: "link"; target: string }
  /** Such as a pipe. */
  | { kind: "other" };

/** Where a path leads when its links are followed: to a path without links, or nowhere. */
type Real = { path: string } | { broken: string };

/** How many links are followed one after the other at most. */
const maxLinks = 40;

/** What to do where there is no tree. */
export const findTree = "run this in a checkout of onebranch, or name one with --tree";

const nowhere: Real = { broken: "leads nowhere" };
const outside: Real = { broken: "leads out of the tree" };

/**
 * One version of the tree. Symbolic links never lead out of it. Each file is read once and each text is parsed once; all callers
 * get the same result.
 */
export abstract class TreeSource {
  private readonly reals = new Map<string, Real>();
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

  /** What is at a path; undefined when there is nothing. Only the last part of the path may be a link. */
  protected abstract look(path: string): Found | undefined;

  /** Whether it is certain that a path contains no link. */
  protected isPlain(_path: string): boolean {
    return false;
  }

  /** The names in a directory whose path contains no link. */
  protected abstract namesIn(directory: string): readonly string[];

  /** The content of a file whose path contains no link. */
  protected abstract contentOf(path: string): Buffer;

  /** Entries of a directory, sorted by name and without hidden ones; none when it is missing. */
  list(directory: string): Entry[] {
    const real = this.realPath(directory);
    if (real === undefined || this.look(real)?.kind !== "directory") return [];
    return this.namesIn(real)
      .filter((name) => !name.startsWith("."))
      .sort(compareText)
      .flatMap((name) => this.find(`${directory}/${name}`) ?? []);
  }

  /** All files below a directory, and everything there that cannot be read. */
  below(directory: string): Entry[] {
    return this.list(directory).flatMap((entry) => (entry.kind === "directory" ? this.below(entry.path) : [entry]));
  }

  /** What is at a path after its links are followed; undefined when there is nothing. */
  find(path: string): Entry | undefined {
    if (!this.known.has(path)) this.known.set(path, this.entryAt(path));
    return this.known.get(path);
  }

  /** The text of a file; undefined when it is missing or cannot be read. */
  text(path: string): string | undefined {
    return this.find(path)?.kind === "file" ? this.texts.get(this.realPath(path)!) : undefined;
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

  /** Where a path leads when its links are followed; undefined when that is not in the tree. */
  protected realPath(path: string): string | undefined {
    const real = this.real(path);
    return "broken" in real ? undefined : real.path;
  }

  private real(path: string, links = 0): Real {
    if (path === "." || this.isPlain(path)) return { path };
    // A path that climbs with `..` is never meant.
    if (posix.isAbsolute(path) || posix.basename(path) === "..") return outside;
    const known = this.reals.get(path);
    if (known) return known;
    const above = this.real(posix.dirname(path), links);
    const real = "broken" in above ? above : this.followed(posix.join(above.path, posix.basename(path)), links);
    this.reals.set(path, real);
    return real;
  }

  /** Follows the target part by part, so that no link on the way leads out of the tree either. */
  private followed(path: string, links: number): Real {
    const found = this.look(path);
    if (found?.kind !== "link") return { path };
    if (leavesRepository(path, found.target)) return outside;
    if (links >= maxLinks) return nowhere;
    return this.real(posix.join(posix.dirname(path), found.target).replace(/(?<=.)\/$/, ""), links + 1);
  }

  private entryAt(path: string): Entry | undefined {
    const name = posix.basename(path);
    const fault = (rule: RuleId, message: string, fix: string): Entry => {
      return { name, path, kind: "fault", fault: { rule, severity: "error", file: path, line: 1, message, fix } };
    };
    const real = this.real(path);
    const found = "broken" in real ? undefined : this.look(real.path);
    if ("broken" in real || found === undefined || (real.path !== path && this.isCircle(path, real.path))) {
      const above = this.realPath(posix.dirname(path));
      const here = above === undefined ? undefined : this.look(posix.join(above, name));
      if (here?.kind !== "link") return undefined;
      const why = "broken" in real ? real.broken : found === undefined ? "leads nowhere" : "leads back to itself";
      return fault("bad-link", `this symbolic link to ${here.target} ${why}`, "put the file itself there");
    }
    // Reading a pipe would wait until another process writes into it.
    if (found.kind === "other") return fault("bad-link", "this is neither a file nor a directory", "remove it");
    if (found.kind === "file" && found.size > maxFileSize) {
      const fix = "keep the tree to what people write; large data belongs into an artifact";
      return fault("unreadable-file", `this file is larger than ${maxFileSize / 1024 / 1024} MiB`, fix);
    }
    try {
      if (found.kind === "directory") {
        this.namesIn(real.path);
        return { name, path, kind: "directory" };
      }
      if (!this.texts.has(real.path)) {
        const content = this.contentOf(real.path);
        if (isText.test(real.path) && (!isUtf8(content) || content.includes(0))) {
          return fault("unreadable-file", "this file is not UTF-8 text", "save it as UTF-8, or remove it");
        }
        this.texts.set(real.path, content.toString());
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

  /** Whether a path is a directory that it also lies in. */
  private isCircle(path: string, real: string): boolean {
    for (let above = posix.dirname(path); ; above = posix.dirname(above)) {
      const at = this.real(above);
      if ("path" in at && at.path === real) return true;
      if (above === ".") return false;
    }
  }
}

/** Files that must be text. */
const isText = /\.(ya?ml|json|tpl|txt|rbac\.csv)$/;
